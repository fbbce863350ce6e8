using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Replication;

/// <content>Log directories: one fails, a replica moves to another.</content>
public sealed partial class ReplicaManager
{
    /// <summary>Replicas whose logs are being exchanged; they are served again by <see cref="Attach"/>.</summary>
    private readonly HashSet<TopicPartition> _detached = [];

    /// <summary>A log directory has failed: its replicas are not served any more. Any thread.</summary>
    public void DirectoryFailed(LogDirectory directory) => _strand.Post(() =>
    {
        foreach (Partition partition in Partitions)
        {
            if (_settings.Logs.DirectoryOf(partition.Log.Directory) == directory)
            {
                TopicPartition name = partition.TopicPartition;
                _directories.Lose(name, partition.TopicId);
                _partitions.TryRemove(name, out _);
                _byId.TryRemove((partition.TopicId, name.Partition), out _);
                ReplicationLog.ReplicaLost(_settings.Logger, name);
                partition.Leave(static () => { });
            }
        }
    });

    /// <summary>Moves a replica to another log directory (KIP-113). Any thread.</summary>
    internal ErrorCode Move(TopicPartition name, LogDirectory target) => Get(name) is { } partition
        ? _moves.Start(partition, target)
        : WhyMissing(name.Topic, name.Partition);

    /// <summary>Takes a replica out of service, its log untouched; false when it has gone already.</summary>
    internal Task<bool> DetachAsync(Partition partition)
    {
        TaskCompletionSource<bool> done = new();
        _strand.Post(() =>
        {
            TopicPartition name = partition.TopicPartition;
            if (_isClosed || Get(name) != partition)
            {
                done.SetResult(false);
                return;
            }

            _detached.Add(name);
            _partitions.TryRemove(name, out _);
            _byId.TryRemove((partition.TopicId, name.Partition), out _);
            partition.Leave(() => done.SetResult(true));
        });
        return done.Task;
    }

    /// <summary>Serves a replica again as the metadata of now says.</summary>
    internal void Attach(TopicPartition name) => _strand.Post(() =>
    {
        _detached.Remove(name);
        if (!_isClosed && _image.Topics.TryGet(name.Topic, out TopicImage? topic)
            && topic.Partitions.TryGetValue(name.Partition, out PartitionRegistration? now)
            && Array.IndexOf(now.Replicas, Options.BrokerId) >= 0)
        {
            Serve(name, topic.Id, now, SettingsOf(name.Topic, _image));
        }
        else if (!_isClosed)
        {
            _settings.Logs.Delete(name);
        }
    });

    private void Serve(TopicPartition name, Uuid topicId, PartitionRegistration now, TopicSettings settings)
    {
        if (_detached.Contains(name))
        {
            return;
        }

        if (GetOrCreate(name, topicId, settings, now.DirectoryOf(Options.BrokerId)) is { } partition)
        {
            partition.Assign(
                new PartitionAssignment(now.Leader, now.LeaderEpoch, now.PartitionEpoch, now.Replicas, now.Isr),
                settings.MinInsyncReplicas);
            if (_settings.Logs.TakeInterruptedMove(name) is { IsOnline: true } target)
            {
                _moves.Start(partition, target);
            }
        }
    }
}
