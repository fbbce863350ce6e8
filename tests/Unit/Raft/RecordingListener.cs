using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Unit.Raft;

/// <summary>Notes what it hears as text; waits are for a text.</summary>
internal sealed class RecordingListener : IQuorumListener
{
    private readonly List<(string Text, TaskCompletionSource Heard)> _waits = [];

    public List<string> Story { get; } = [];

    public LeaderAndEpoch Leader { get; private set; }

    public void HandleCommit(IReadOnlyList<CommittedBatch> batches)
    {
        foreach (CommittedBatch batch in batches)
        {
            Hear(batch.Records.Count == 0
                ? $"control {batch.BaseOffset}"
                : $"{batch.BaseOffset}: " + string.Join(' ', batch.Records.Select(NameOf)));
        }
    }

    public void HandleLoadSnapshot(ISnapshotReader reader)
    {
        using ISnapshotReader owned = reader;
        List<string> names = [];
        while (owned.ReadBatch() is { } batch)
        {
            names.AddRange(batch.Select(NameOf));
        }

        Hear($"snapshot to {owned.SnapshotId.EndOffset}: " + string.Join(' ', names));
    }

    public void HandleLeaderChange(LeaderAndEpoch leader)
    {
        Leader = leader;
        Hear($"{leader}");
    }

    /// <summary>Until something was heard that starts with this text.</summary>
    public Task WaitFor(string text)
    {
        lock (Story)
        {
            if (Story.Exists(heard => heard.StartsWith(text, StringComparison.Ordinal)))
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource wait = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((text, wait));
            return wait.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public static VersionedRecord Topic(string name) => new(new TopicRecord { Name = name }, 0);

    private static string NameOf(IMetadataRecord record) => ((TopicRecord)record).Name;

    private void Hear(string text)
    {
        lock (Story)
        {
            Story.Add(text);
            foreach ((string awaited, TaskCompletionSource heard) in _waits)
            {
                if (text.StartsWith(awaited, StringComparison.Ordinal))
                {
                    heard.TrySetResult();
                }
            }
        }
    }
}
