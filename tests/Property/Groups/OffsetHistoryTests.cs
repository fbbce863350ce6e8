using FsCheck;
using FsCheck.Xunit;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>
/// A committed offset is never lost and never goes back, over failovers, transactions and failing writes; one of an
/// open transaction counts once it is committed, one of an aborted transaction never does.
/// </summary>
public sealed class OffsetHistoryTests
{
    [Property(MaxTest = 60)]
    public void Offsets_OverAnyHistory_AreWhatWasCommitted(DoNotSize<ulong> seed)
    {
        GroupWorld world = new(seed.Item);
        Dictionary<string, Uuid> ids = new() { ["a"] = world.AddTopic("a", 3), ["b"] = world.AddTopic("b", 3) };
        Dictionary<(string Group, TopicPartition Partition), long> model = [];
        Dictionary<long, Dictionary<(string Group, TopicPartition Partition), (long Offset, long At)>> open = [];
        Dictionary<(string Group, TopicPartition Partition), long> writtenAt = [];
        for (int step = 1; step <= 250; step++)
        {
            (string Group, TopicPartition Partition) key = (
                world.Chance.Below(2) == 0 ? "g" : "h",
                new TopicPartition(world.Chance.Below(2) == 0 ? "a" : "b", world.Chance.Below(3)));
            long producer = 1 + world.Chance.Below(3);
            switch (world.Chance.Below(12))
            {
                case < 4:
                    if (Commit(world, ids, key, step, null))
                    {
                        model[key] = step;
                        writtenAt[key] = step;
                    }

                    break;
                case < 7:
                    if (Commit(world, ids, key, step, new ProducerStamp(producer, 0)))
                    {
                        open.TryAdd(producer, []);
                        open[producer][key] = (step, step);
                    }

                    break;
                case < 9 when open.Remove(producer, out var writes):
                    bool isCommit = world.Chance.Below(2) == 0;
                    world.End(new ProducerStamp(producer, 0), isCommit);
                    foreach (((string, TopicPartition) written, (long offset, long at)) in writes)
                    {
                        if (isCommit && writtenAt.GetValueOrDefault(written) < at)
                        {
                            model[written] = offset;
                            writtenAt[written] = at;
                        }
                    }

                    break;
                case 9:
                    world.FailOver();
                    break;
                case 10:
                    world.CannotWrite = !world.CannotWrite;
                    break;
                default:
                    world.Time.Advance(60_000);
                    break;
            }

            Check(world, model, open, key);
        }

        world.FailOver();
        foreach ((string group, TopicPartition partition) in model.Keys)
        {
            Check(world, model, open, (group, partition));
        }
    }

    private static bool Commit(
        GroupWorld world, Dictionary<string, Uuid> ids, (string Group, TopicPartition Partition) key, long offset,
        ProducerStamp? producer)
    {
        PartitionCommit commit = new(key.Partition, ids[key.Partition.Topic], offset, -1, "");
        CommitOrigin origin = new("", null, -1, producer is not null, 9);
        Assert.Equal(ErrorCode.None, world.Shard.CheckCommit(key.Group, origin, [commit]));
        return world.AskNow<CommitOutcome>((shard, reply) => shard.Commits.Commit(
            key.Group, [commit], -1, producer is { } stamp ? new CommitTransaction(stamp, null) : null, reply))
            is not null;
    }

    private static void Check(
        GroupWorld world, Dictionary<(string Group, TopicPartition Partition), long> model,
        Dictionary<long, Dictionary<(string Group, TopicPartition Partition), (long Offset, long At)>> open,
        (string Group, TopicPartition Partition) key)
    {
        OffsetAnswer.PartitionOffset told = world.Shard.Fetch(
            new OffsetQuery(key.Group, null, -1, [(key.Partition, default)], false)).Offsets[0];
        Assert.Equal(model.GetValueOrDefault(key, -1), told.Offset);
        OffsetAnswer.PartitionOffset stable = world.Shard.Fetch(
            new OffsetQuery(key.Group, null, -1, [(key.Partition, default)], true)).Offsets[0];
        bool isOpen = open.Values.Any(writes => writes.ContainsKey(key));
        Assert.Equal(isOpen ? ErrorCode.UnstableOffsetCommit : ErrorCode.None, stable.Error);
    }
}
