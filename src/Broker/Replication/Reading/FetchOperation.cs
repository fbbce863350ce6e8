using System.Buffers;
using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Sessions;
using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Replication.Reading;

/// <summary>One fetch, from its plan to its answer: read at once, or parked until there is enough to read.</summary>
/// <remarks>
/// Runs on whichever thread wakes it, never on two: who finds it running leaves, and the gates' versions make the
/// runner look again.
/// </remarks>
internal sealed class FetchOperation(
    FetchPlan plan, FetchParameters fetch, FetchSessionCache sessions, PartitionServices services, long receivedAtMs)
    : IWaiter
{
    private const int Parked = 0;
    private const int Running = 1;
    private const int Done = 2;

    private readonly TaskCompletionSource<FetchResponse> _completion = new();
    private readonly List<IDisposable> _leases = [];
    private List<FetchEntry> _entries = plan.Entries;
    private long[] _seen = [];
    private int _state = Running;
    private volatile bool _isExpired;

    public bool IsDone => Volatile.Read(ref _state) == Done;

    /// <summary>The answer; its records live until <see cref="Leases"/> are disposed.</summary>
    public Task<FetchResponse> Completion => _completion.Task;

    public IReadOnlyList<IDisposable> Leases => _leases;

    /// <summary>The deadline, once <see cref="Start"/> has parked it.</summary>
    public long DeadlineMs { get; private set; }

    /// <summary>Takes in what the follower holds, then answers or parks. True when it is parked.</summary>
    public bool Start()
    {
        if (fetch.IsFollower)
        {
            TakeInProgress();
        }

        long wait = Math.Max(0, fetch.MaxWaitMs);
        if (fetch.IsFollower)
        {
            wait = Math.Min(wait, services.FollowerGate(fetch.ReplicaId).LongestPollMs(services.NowMs));
        }

        DeadlineMs = receivedAtMs + wait;
        bool mayWait = wait > 0 && _entries.Exists(static entry => entry.Partition is not null);
        _isExpired = !mayWait;
        Run();
        return !IsDone;
    }

    public void Wake()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Parked) == Parked)
        {
            Run();
        }
    }

    public void Expire()
    {
        _isExpired = true;
        Wake();
    }

    private void Run()
    {
        while (true)
        {
            ReadVersions();
            if (TryAnswer(_isExpired))
            {
                return;
            }

            Volatile.Write(ref _state, Parked);
            Park();
            if (!_isExpired || Interlocked.CompareExchange(ref _state, Running, Parked) != Parked)
            {
                return;
            }
        }
    }

    private void ReadVersions()
    {
        if (fetch.IsFollower)
        {
            _seen = _seen.Length == 0 ? new long[1] : _seen;
            _seen[0] = services.FollowerGate(fetch.ReplicaId).Version;
            return;
        }

        _seen = _seen.Length == 0 && _entries.Count > 0 ? new long[_entries.Count] : _seen;
        for (int i = 0; i < _entries.Count; i++)
        {
            _seen[i] = _entries[i].Partition?.HighWatermarkGate.Version ?? 0;
        }
    }

    private void Park()
    {
        if (fetch.IsFollower)
        {
            services.FollowerGate(fetch.ReplicaId).Park(this, _seen[0]);
            return;
        }

        // Another thread may answer it meanwhile and drop the entries.
        List<FetchEntry> entries = _entries;
        long[] seen = _seen;
        for (int i = 0; i < entries.Count && !IsDone; i++)
        {
            entries[i].Partition?.HighWatermarkGate.Park(this, seen[i]);
        }
    }

    private void TakeInProgress()
    {
        var wakes = new WakeList();
        foreach (FetchEntry entry in _entries)
        {
            if (entry.Missing != ErrorCode.None)
            {
                continue;
            }

            ReplicaView view = entry.Partition!.View;
            if (PartitionReader.Check(entry, fetch, view, out var diverging) != ErrorCode.None || diverging is not null)
            {
                continue;
            }

            wakes.Enter();
            var follower = new FollowerFetch(
                fetch.ReplicaId, fetch.ReplicaEpoch, entry.FetchOffset, entry.LogStartOffset, receivedAtMs);
            entry.Partition.Fetched(new FollowerUpdate(view.LeaderEpoch, follower, wakes));
        }

        wakes.Exit();
    }

    private bool TryAnswer(bool isForced)
    {
        int minBytes = Math.Min(fetch.MinBytes, fetch.MaxBytes);
        if (!isForced && minBytes > 1 && !HasEnough(minBytes))
        {
            return false;
        }

        int count = _entries.Count;
        FetchResult[] results = ArrayPool<FetchResult>.Shared.Rent(count);
        bool mustAnswer = isForced;
        int left = fetch.MaxBytes;
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            FetchEntry entry = _entries[i];
            if (entry.Missing != ErrorCode.None)
            {
                results[i] = FetchResult.Failed(entry.Missing);
                mustAnswer |= entry.Missing == ErrorCode.NotLeaderOrFollower;
                continue;
            }

            bool isHeld = IsHeldBack(entry.Partition!);
            FetchResult result = PartitionReader.Read(
                entry, fetch, isHeld ? 0 : left, minOneBatch: total == 0 && !isHeld);
            mustAnswer |= result.Error != ErrorCode.None || result.Diverging is not null;
            total += result.Records.Length;
            left = Math.Max(0, left - result.Records.Length);
            results[i] = result;
        }

        bool answers = mustAnswer || total >= minBytes;
        int throttleMs = answers && fetch.Admit is { } admit ? admit(total) : 0;
        if (answers && throttleMs == 0)
        {
            Answer(results.AsSpan(0, count));
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                results[i].Lease?.Dispose();
            }
        }

        ArrayPool<FetchResult>.Shared.Return(results, clearArray: true);
        if (throttleMs > 0)
        {
            // The client comes again for all of it: nothing of its session has moved on.
            Complete(new FetchResponse { SessionId = plan.Session?.Id ?? 0, ThrottleTimeMs = throttleMs });
        }

        return answers;
    }

    /// <summary>Whether a replica that is not in sync has to wait for its throttle (KIP-73).</summary>
    private bool IsHeldBack(Partition partition) => fetch.IsFollower
        && services.Throttle.Covers(partition.TopicPartition) && !partition.View.Isr.Contains(fetch.ReplicaId)
        && services.Throttle.IsExceeded(services.NowMs);

    /// <summary>Enough bytes, or an error that is to be told at once.</summary>
    private bool HasEnough(int minBytes)
    {
        long total = 0;
        foreach (FetchEntry entry in _entries)
        {
            if (entry.Missing != ErrorCode.None)
            {
                continue;
            }

            ReplicaView view = entry.Partition!.View;
            if (PartitionReader.Check(entry, fetch, view, out var diverging) != ErrorCode.None || diverging is not null)
            {
                return true;
            }

            total += PartitionReader.Measure(entry, fetch, Math.Min(entry.MaxBytes, fetch.MaxBytes));
            if (total >= minBytes)
            {
                return true;
            }
        }

        return false;
    }

    private void Answer(Span<FetchResult> results)
    {
        var response = new FetchResponse();
        bool isIncremental = plan.IsIncremental;
        for (int pass = 0; pass < 2; pass++)
        {
            // Partitions that do not exist come last, as Kafka has them.
            for (int i = 0; i < results.Length; i++)
            {
                FetchEntry entry = _entries[i];
                bool isMissing = entry.Missing is not (ErrorCode.None or ErrorCode.NotLeaderOrFollower);
                if (isMissing == (pass == 1))
                {
                    Add(response, entry, results[i], isMissing, isIncremental);
                }
            }
        }

        response.SessionId = SessionId();
        Complete(response);
    }

    private void Complete(FetchResponse response)
    {
        plan.Session?.Leave();
        _entries = [];
        Volatile.Write(ref _state, Done);
        _completion.SetResult(response);
    }

    private void Add(
        FetchResponse response, FetchEntry entry, in FetchResult result, bool isMissing, bool isIncremental)
    {
        if (isIncremental)
        {
            bool hasRecords = result.Records.Length > 0;
            if (!entry.MustAnswer(
                result.Error, hasRecords, result.Diverging is not null, result.HighWatermark, result.LogStartOffset))
            {
                result.Lease?.Dispose();
                return;
            }

            plan.Session!.MoveToEnd(entry);
        }

        if (result.Error != ErrorCode.None)
        {
            entry.Partition?.Traffic.FetchFailed(fetch.IsFollower);
        }
        else
        {
            entry.Partition?.Traffic.Fetched(result.Records.Length, fetch.IsFollower);
            if (fetch.IsFollower && result.Records.Length > 0 && services.Throttle.Covers(
                entry.Partition!.TopicPartition))
            {
                services.Throttle.Record(result.Records.Length, services.NowMs);
            }
        }

        bool isTaken = result.Error == ErrorCode.None && result.Diverging is null;
        entry.Answered(isTaken, result.HighWatermark, result.LogStartOffset);
        if (result.Lease is { } lease)
        {
            _leases.Add(lease);
        }

        TopicOf(response, entry).Partitions.Add(PartitionOf(entry, result, isMissing));
    }

    private static FetchResponse.FetchableTopicResponse TopicOf(FetchResponse response, FetchEntry entry)
    {
        string name = entry.Key.Name ?? "";
        if (response.Responses is [.., { } last] && last.TopicId == entry.Key.TopicId && last.Topic == name)
        {
            return last;
        }

        var topic = new FetchResponse.FetchableTopicResponse { Topic = name, TopicId = entry.Key.TopicId };
        response.Responses.Add(topic);
        return topic;
    }

    private FetchResponse.PartitionData PartitionOf(FetchEntry entry, in FetchResult result, bool isMissing)
    {
        var data = new FetchResponse.PartitionData
        {
            PartitionIndex = entry.Key.Partition,
            ErrorCode = result.Error,
            HighWatermark = result.HighWatermark,
            LastStableOffset = result.LastStableOffset,
            LogStartOffset = result.LogStartOffset,
            Records = result.Records,
            AbortedTransactions = isMissing || (fetch.IsReadCommitted && result.Error == ErrorCode.None) ? [] : null,
        };
        foreach (var aborted in result.Aborted ?? [])
        {
            data.AbortedTransactions!.Add(new FetchResponse.AbortedTransaction
            {
                ProducerId = aborted.ProducerId,
                FirstOffset = aborted.FirstOffset,
            });
        }

        if (result.Diverging is { } diverging)
        {
            data.DivergingEpoch.Epoch = diverging.Epoch;
            data.DivergingEpoch.EndOffset = diverging.EndOffset;
        }

        return data;
    }

    private int SessionId()
    {
        if (plan.Session is { } session)
        {
            return session.Id;
        }

        return plan.WantsSession && _entries.Count > 0
            ? sessions.TryCreate(_entries, fetch.IsFollower, fetch.UsesTopicIds, services.NowMs)?.Id ?? 0
            : 0;
    }
}
