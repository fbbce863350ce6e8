using KRaftSharp.Broker.ShareState;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.Sharing;

/// <summary>
/// A share partition with its members, its log, its coordinator's memory and a naive twin, which keeps a state for each
/// record. Everything follows from the seed.
/// </summary>
internal sealed class ShareWorld
{
    public const int RecordCount = 60;

    private static readonly string[] Members = ["a", "b", "c"];

    private readonly Prng _chance;
    private readonly PlantedFault _fault;
    private readonly List<LogBatch> _log = [];
    private readonly ModelRecord[] _model = [.. Enumerable.Range(0, RecordCount).Select(_ => new ModelRecord())];
    private readonly List<(Transition Transition, object Request)> _pending = [];
    private readonly ShareLimits _limits;
    private SharePartitionState _state = new(new InFlightRecords(0));
    private IReadOnlyList<StateBatch> _kept = [];
    private long _keptStart;
    private long _nowMs = 1_000;

    public ShareWorld(ulong seed, PlantedFault fault)
    {
        _chance = new Prng(seed);
        _fault = fault;
        _limits = new ShareLimits(
            _chance.Between(2, 6), _chance.Between(8, 40), LockMs: 100, RenewsLocks: true, HasDeadLetters: false);
        for (long offset = 0; offset < RecordCount;)
        {
            long last = Math.Min(RecordCount - 1, offset + _chance.Below(7));
            _log.Add(new LogBatch(offset, last));
            offset = last + 1;
        }
    }

    /// <summary>What went wrong first.</summary>
    public string? Broken { get; private set; }

    public int DoneCount => _model.Count(record => record.IsDone);

    public void Step()
    {
        switch (_chance.Below(20))
        {
            case < 7:
                Fetch(Pick(), _chance.Between(1, 12), _chance.Below(3) == 0);
                break;
            case < 12:
                Acknowledge(Pick());
                break;
            case 12:
                Release(Pick());
                break;
            case < 15:
                Pass(_chance.Below(60));
                break;
            case < 18:
                Settle(isWritten: true);
                break;
            case 18:
                Settle(isWritten: false);
                break;
            default:
                Restart();
                break;
        }

        Plant();
        Check();
    }

    /// <summary>From now on everything goes well: every record must end.</summary>
    public void Finish()
    {
        for (int round = 0; round < 40 * RecordCount && Broken is null && DoneCount < RecordCount; round++)
        {
            string member = Members[round % Members.Length];
            Fetch(member, 20, isStrict: false);
            Answer(member, [AcknowledgeType.Accept]);
            while (_pending.Count > 0)
            {
                Settle(isWritten: true);
            }

            Pass(60);
            Check();
        }

        if (Broken is null && DoneCount < RecordCount)
        {
            Fail($"only {DoneCount} of {RecordCount} records have ended");
        }
    }

    private string Pick() => Members[_chance.Below(Members.Length)];

    private void Fail(string what) => Broken ??= what;

    private void Fetch(string member, int most, bool isStrict)
    {
        long from = _state.NextOffset;
        if (from >= RecordCount || !_state.MayAcquire(_limits))
        {
            return;
        }

        LogBatch[] read = [.. _log.Where(batch => batch.LastOffset >= from).Take(_chance.Between(1, 5))];
        IReadOnlyList<AcquiredRange> given = _state.Acquire(
            _limits, new AcquireRequest(member, _chance.Between(1, 8), most, isStrict, from, read), _nowMs);
        if (given.Count == 0 && _model[from].State == RecordState.Available && _model[from].Pending is null)
        {
            Fail($"nothing was given though {from} is available");
        }

        if (isStrict && given.Sum(range => range.Count) > most)
        {
            Fail($"more than {most} records were given");
        }

        foreach (AcquiredRange range in given)
        {
            for (long offset = range.FirstOffset; offset <= range.LastOffset; offset++)
            {
                Give(offset, member, range.DeliveryCount);
            }
        }
    }

    private void Give(long offset, string member, int count)
    {
        ModelRecord record = _model[offset];
        if (record.State != RecordState.Available || record.Pending is not null)
        {
            Fail($"{offset} was given to {member} while it is {record.State} of '{record.Member}'");
        }

        record.State = RecordState.Acquired;
        record.Member = member;
        record.LockEndMs = _nowMs + _limits.LockMs;
        record.Count++;
        if (record.Count != count || count > _limits.MaxDeliveryCount)
        {
            Fail($"delivery {record.Count} of {offset}, at most {_limits.MaxDeliveryCount}, is told to be {count}");
        }
    }

    private void Acknowledge(string member)
    {
        if (_chance.Below(4) > 0)
        {
            Answer(member, [.. Enum.GetValues<AcknowledgeType>()]);
            return;
        }

        // Any range, whosever it is: mostly refused.
        long first = _chance.Below(RecordCount);
        long last = Math.Min(RecordCount - 1, first + _chance.Below(6));
        Say(member, first, last, [(sbyte)AcknowledgeType.Accept]);
    }

    /// <summary>Speaks of some records that the member holds.</summary>
    private void Answer(string member, AcknowledgeType[] types)
    {
        long first = Array.FindIndex(_model, record => record.IsHeldBy(member));
        if (first < 0)
        {
            return;
        }

        long last = first;
        while (last + 1 < RecordCount && _model[last + 1].IsHeldBy(member)
            && (types.Length == 1 || _chance.Below(3) > 0))
        {
            last++;
        }

        bool isEach = types.Length > 1 && _chance.Below(2) == 0;
        sbyte[] said = [.. Enumerable.Range(0, isEach ? (int)(last - first + 1) : 1)
            .Select(_ => (sbyte)types[_chance.Below(types.Length)])];
        Say(member, first, last, said);
    }

    private void Say(string member, long first, long last, sbyte[] types)
    {
        Transition transition = new();
        Acknowledgement said = new(first, last, types);
        ShareError? error = _state.Acknowledge(member, [said], _limits, _nowMs, transition);
        bool isMine = Enumerable.Range((int)first, (int)(last - first + 1))
            .Where(offset => offset >= _state.StartOffset).All(offset => _model[offset].IsHeldBy(member));
        if (error is null != (isMine || last < _state.StartOffset))
        {
            Fail($"{member} speaks of {first} to {last}, which is {(isMine ? "its" : "not its")}: {error}");
        }

        if (error is not null)
        {
            return;
        }

        for (long offset = Math.Max(first, _state.StartOffset); offset <= last; offset++)
        {
            Take(_model[offset], said.TypeOf(offset), transition);
        }

        Keep(transition);
    }

    private void Take(ModelRecord record, AcknowledgeType type, object request)
    {
        if (type == AcknowledgeType.Renew)
        {
            record.LockEndMs = _nowMs + _limits.LockMs;
            return;
        }

        record.PriorMember = record.Member;
        record.Pending = request;
        record.State = type switch
        {
            AcknowledgeType.Accept => RecordState.Acknowledged,
            AcknowledgeType.Release when record.Count < _limits.MaxDeliveryCount => RecordState.Available,
            _ => RecordState.Archived,
        };
    }

    private void Release(string member)
    {
        Transition transition = _state.Release(member, _limits);
        foreach (ModelRecord record in _model.Where(record => record.IsHeldBy(member)))
        {
            Take(record, AcknowledgeType.Release, transition);
        }

        Keep(transition);
    }

    private void Keep(Transition transition)
    {
        if (!transition.IsEmpty)
        {
            _pending.Add((transition, transition));
        }
    }

    /// <summary>The oldest change is persisted, or cannot be.</summary>
    private void Settle(bool isWritten)
    {
        if (_pending.Count == 0)
        {
            return;
        }

        (Transition transition, object request) = _pending[0];
        _pending.RemoveAt(0);
        if (isWritten && _fault != PlantedFault.AcknowledgementNotKept)
        {
            Write(transition.Batches);
        }

        if (isWritten || _fault == PlantedFault.RollBackForgotten)
        {
            _state.Commit(transition);
        }
        else
        {
            _state.RollBack(transition, _limits, _nowMs);
        }

        foreach (ModelRecord record in _model.Where(record => record.Pending == request))
        {
            record.Pending = null;
            if (isWritten)
            {
                record.Kept = (record.State, record.Count);
            }
            else if (_nowMs < record.LockEndMs)
            {
                record.State = RecordState.Acquired;
                record.Member = record.PriorMember;
            }
            else
            {
                record.State = record.Count >= _limits.MaxDeliveryCount
                    ? RecordState.Archived
                    : RecordState.Available;
            }
        }
    }

    private void Write(IReadOnlyList<StateBatch> batches)
    {
        _keptStart = Math.Max(_keptStart, _state.StartOffset);
        _kept = StateBatches.Merge(_kept, batches, _keptStart);
        for (long offset = 0; offset < _keptStart && offset < RecordCount; offset++)
        {
            ModelRecord record = _model[offset];
            record.Kept = record.IsDone ? (record.State, record.Count) : record.Kept;
        }
    }

    /// <summary>Time passes; locks run out, and that is persisted at once.</summary>
    private void Pass(int ms)
    {
        _nowMs += ms;
        IReadOnlyList<StateBatch> changed = _state.Expire(_limits, _nowMs);
        Write(changed);
        _state.Records.Advance();
        foreach (ModelRecord record in _model.Where(record => record.State == RecordState.Acquired
            && record.Pending is null && record.LockEndMs <= _nowMs))
        {
            record.State = record.Count >= _limits.MaxDeliveryCount ? RecordState.Archived : RecordState.Available;
            record.Kept = (record.State, record.Count);
        }
    }

    /// <summary>Another leader takes over with what the coordinator has.</summary>
    private void Restart()
    {
        if (InFlightRecords.Load(_keptStart, _kept) is not { } loaded)
        {
            Fail("what was kept contradicts itself");
            return;
        }

        _state = new SharePartitionState(loaded);
        _pending.Clear();
        foreach (ModelRecord record in _model)
        {
            (record.State, record.Count) = record.Kept;
            record.Pending = null;
        }
    }

    private void Plant()
    {
        if (_chance.Below(10) > 0)
        {
            return;
        }

        IEnumerable<InFlightRun> runs = _state.Records.Batches.SelectMany(batch => batch.Runs);
        switch (_fault)
        {
            case PlantedFault.RecordHandedToTwoMembers when runs.FirstOrDefault(run => run.IsHeld) is { } held:
                held.Become(RecordState.Available);
                _state.Records.MarkAvailable();
                break;
            case PlantedFault.CountForgotten
                when runs.FirstOrDefault(run => run is { IsAvailable: true, DeliveryCount: > 0 }) is { } again:
                again.DeliveryCount = 0;
                break;
            case PlantedFault.StartPassesOpenRecord when _state.Records.Count > 2:
                _state.Records.MoveStart(_state.StartOffset + 1);
                break;
        }
    }

    /// <summary>The start only moves over what is done, and who holds what is the same here and there.</summary>
    private void Check()
    {
        for (long offset = 0; offset < _state.StartOffset && offset < RecordCount; offset++)
        {
            if (!_model[offset].IsDone)
            {
                Fail($"the start is at {_state.StartOffset} though {offset} is {_model[offset].State}");
            }
        }

        foreach (InFlightRun run in _state.Records.Batches.SelectMany(batch => batch.Runs))
        {
            for (long offset = Math.Max(run.FirstOffset, _state.StartOffset); offset <= run.LastOffset; offset++)
            {
                ModelRecord record = _model[offset];
                if (run.State != record.State || run.DeliveryCount != record.Count
                    || (run.State == RecordState.Acquired && run.Member != record.Member))
                {
                    Fail($"{offset} is {run.State}, delivered {run.DeliveryCount} times, rather than {record.State}, "
                        + $"{record.Count} times");
                }
            }
        }
    }
}
