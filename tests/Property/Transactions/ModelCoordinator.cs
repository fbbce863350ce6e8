using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Tests.Property.Log;
using KRaftSharp.Tests.Property.Simulation.Clock;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>The real transaction state over a list for its log, which a crash cuts back to what was replicated.
/// </summary>
internal sealed class ModelCoordinator : ITransactionMarkers
{
    public const int TimeoutMs = 3000;

    private readonly LogWorld _clock;
    private readonly PlantedFault _fault;
    private readonly List<(TransactionLogKey Key, TransactionLogValue? Value)> _log = [];
    private readonly Queue<(int End, Decision Decision)> _waiting = [];
    private readonly List<MarkerJob> _jobs = [];
    private TransactionState _state = null!;
    private ShardTimers? _timers;
    private SimContext? _life;
    private int _committedTo;
    private int _term;

    public ModelCoordinator(LogWorld clock, PlantedFault fault)
    {
        _clock = clock;
        _fault = fault;
        Start();
    }

    public long NextProducerId { get; set; } = 100;

    /// <summary>Markers that are to be written.</summary>
    public IReadOnlyList<MarkerJob> Jobs => _jobs;

    public bool IsQuiet => _jobs.Count == 0 && _waiting.Count == 0 && !_state.Known.Any(static known => known.IsPrepared
        || known.Status == TransactionStatus.Ongoing);

    public void Send(MarkerJob job) => _jobs.Add(job);

    public void Cancel(int coordinatorPartition, int coordinatorEpoch) =>
        _jobs.RemoveAll(job => job.CoordinatorEpoch <= coordinatorEpoch);

    public void Drop(MarkerJob job) => _jobs.Remove(job);

    public void Ask<T>(Func<TransactionState, Reply<T>, Decision> operation, Action<T> answered)
        where T : class
    {
        Reply<T> reply = new();
        int term = _term;
        Run(operation(_state, reply), isTimer: false);
        if (reply.Task.IsCompleted)
        {
            Hear();
        }
        else
        {
            reply.Task.GetAwaiter().OnCompleted(Hear);
        }

        void Hear()
        {
            if (term == _term && reply.Task.GetAwaiter().GetResult().Value is { } value)
            {
                answered(value);
            }
        }
    }

    /// <summary>Everything that was written is replicated.</summary>
    public void Replicate()
    {
        _committedTo = _log.Count;
        while (_waiting.TryPeek(out var first) && first.End <= _committedTo)
        {
            _waiting.Dequeue();
            first.Decision.Committed?.Invoke();
        }
    }

    /// <summary>Another node leads, with or without what was not replicated.</summary>
    public void Crash(bool losesTail)
    {
        _life!.End();
        _state.Unloaded();
        _timers!.Dispose();
        _waiting.Clear();
        if (losesTail)
        {
            _log.RemoveRange(_committedTo, _log.Count - _committedTo);
        }

        Start();
    }

    private void Start()
    {
        _term++;
        _life = new SimContext(_clock.Scheduler, "coordinator", 1);
        var time = new SimTimeProvider(_clock.Scheduler, _life, TimeSpan.Zero, 0);
        _timers = new ShardTimers(time, operation => Run(operation(), isTimer: true));
        _state = new TransactionState(0, _timers, new TransactionServices
        {
            Options = new TransactionOptions { AbortIntervalMs = 500 },
            Markers = this,
            WallClockMs = time.WallClockMs,
            ServerVersion = static () => TransactionRules.EpochBumpVersion,
            CoordinatorEpoch = _ => _term,
            Run = (_, operation) => Run(operation(_state), isTimer: false),
        });
        for (int i = 0; i < _log.Count; i++)
        {
            _state.Replay(i, _log[i].Key, Copy(_log[i].Value), null);
        }

        _state.Loaded();
    }

    private void Run(Decision decision, bool isTimer)
    {
        foreach (CoordinatorRecord record in decision.Records)
        {
            var value = (TransactionLogValue?)record.Value;
            bool forgetsEpoch = isTimer && _fault == PlantedFault.TimeoutKeepsTheEpoch
                && value?.TransactionStatus == (sbyte)TransactionStatus.PrepareAbort;
            if (forgetsEpoch)
            {
                value = Copy(value)!;
                value.ProducerEpoch--;
            }

            _log.Add(((TransactionLogKey)record.Key, value));
            _state.Replay(_log.Count, record.Key, value, null);
        }

        if (ForgetsToWait(decision))
        {
            decision.Committed?.Invoke();
            return;
        }

        _waiting.Enqueue((_log.Count, decision));

        bool ForgetsToWait(Decision made) =>
            _fault == PlantedFault.MarkersBeforeTheDecision && made.Records.Count > 0;
    }

    private static TransactionLogValue? Copy(TransactionLogValue? value) =>
        value is null ? null : TransactionMetadata.Of("", value).ToValue(1);
}
