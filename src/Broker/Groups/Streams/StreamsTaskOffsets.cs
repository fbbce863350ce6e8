using System.Collections.Immutable;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>How far a member's state stores are, by task, as it last said.</summary>
/// <param name="Ends">Where their changelogs end.</param>
internal sealed record StreamsTaskOffsets(
    ImmutableSortedDictionary<TaskId, long> Positions, ImmutableSortedDictionary<TaskId, long> Ends)
{
    public static StreamsTaskOffsets None { get; } =
        new(ImmutableSortedDictionary<TaskId, long>.Empty, ImmutableSortedDictionary<TaskId, long>.Empty);

    /// <summary>What a heartbeat tells, over what was known; null, with the task, when it tells one twice.</summary>
    public StreamsTaskOffsets? With(StreamsGroupHeartbeatRequest request, out TaskId twice)
    {
        twice = default;
        return Read(request.TaskOffsets, Positions, ref twice) is { } positions
            && Read(request.TaskEndOffsets, Ends, ref twice) is { } ends
                ? new StreamsTaskOffsets(positions, ends)
                : null;
    }

    private static ImmutableSortedDictionary<TaskId, long>? Read(
        List<StreamsGroupHeartbeatRequest.TaskOffset>? told, ImmutableSortedDictionary<TaskId, long> known,
        ref TaskId twice)
    {
        if (told is null)
        {
            return known;
        }

        ImmutableSortedDictionary<TaskId, long>.Builder read =
            ImmutableSortedDictionary.CreateBuilder<TaskId, long>();
        foreach (StreamsGroupHeartbeatRequest.TaskOffset offset in told)
        {
            TaskId task = new(offset.SubtopologyId, offset.Partition);
            if (!read.TryAdd(task, offset.Offset))
            {
                twice = task;
                return null;
            }
        }

        return read.ToImmutable();
    }
}
