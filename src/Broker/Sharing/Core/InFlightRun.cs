using KRaftSharp.Broker.ShareState;

namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>Neighbouring records of one in-flight batch that share everything.</summary>
internal sealed class InFlightRun(long firstOffset, long lastOffset)
{
    public const string Nobody = "";

    public long FirstOffset => firstOffset;

    /// <summary>Inclusive.</summary>
    public long LastOffset { get; private set; } = lastOffset;

    public RecordState State { get; set; }

    public int DeliveryCount { get; set; }

    /// <summary>The member that holds them; <see cref="Nobody"/>.</summary>
    public string Member { get; set; } = Nobody;

    /// <summary>When the hold ends, on the monotonic clock; meaningless where nobody holds or held them.</summary>
    public long LockEndMs { get; set; }

    /// <summary>The change that <see cref="State"/> anticipates; null when none is under way.</summary>
    public Transition? Pending { get; private set; }

    public bool IsAvailable => State == RecordState.Available && Pending is null;

    public bool IsHeld => State == RecordState.Acquired && Pending is null;

    public bool IsDone => State is RecordState.Acknowledged or RecordState.Archived && Pending is null;

    public long Count => LastOffset - FirstOffset + 1;

    private string PriorMember { get; set; } = Nobody;

    public void Acquire(string member, long lockEndMs)
    {
        State = RecordState.Acquired;
        DeliveryCount++;
        Member = member;
        LockEndMs = lockEndMs;
    }

    /// <summary>Changes from held to another state, for as long as the change is not given up.</summary>
    public void Begin(Transition transition, RecordState state)
    {
        Pending = transition;
        PriorMember = Member;
        State = state;
        Member = Nobody;
        transition.Batches.Add(new StateBatch(FirstOffset, LastOffset, state, (short)DeliveryCount));
    }

    /// <summary>The change is persisted.</summary>
    public void Commit() => Pending = null;

    /// <summary>The change could not be persisted: as if it had not been asked for, but time has passed.</summary>
    public void RollBack(long nowMs, int maxDeliveryCount)
    {
        Pending = null;
        if (nowMs < LockEndMs)
        {
            State = RecordState.Acquired;
            Member = PriorMember;
        }
        else
        {
            State = DeliveryCount >= maxDeliveryCount ? RecordState.Archived : RecordState.Available;
        }
    }

    /// <summary>Changes at once, whatever is under way.</summary>
    public void Become(RecordState state)
    {
        State = state;
        Member = Nobody;
        Pending = null;
    }

    /// <summary>Cuts the records from <paramref name="offset"/> on off; they are returned.</summary>
    public InFlightRun CutAt(long offset)
    {
        InFlightRun rest = new(offset, LastOffset)
        {
            State = State,
            DeliveryCount = DeliveryCount,
            Member = Member,
            LockEndMs = LockEndMs,
            Pending = Pending,
            PriorMember = PriorMember,
        };
        LastOffset = offset - 1;
        return rest;
    }
}
