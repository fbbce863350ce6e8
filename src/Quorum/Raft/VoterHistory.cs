using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Raft;

/// <summary>
/// The voter sets and kraft.versions that stand in the log, committed or not, and where (KIP-853); immutable.
/// </summary>
/// <remarks>The last one counts from the moment that it is in the log: whoever waited for its commit could not know
/// whose majority commits it.</remarks>
public sealed class VoterHistory
{
    private readonly VoterSet _configured;
    private readonly ImmutableArray<(long Offset, VoterSet Voters)> _voters;
    private readonly ImmutableArray<(long Offset, short Level)> _levels;

    /// <param name="configured">What counts while the log names no voters: <c>controller.quorum.voters</c>.</param>
    public VoterHistory(VoterSet configured)
        : this(configured, [], [])
    {
    }

    private VoterHistory(
        VoterSet configured, ImmutableArray<(long, VoterSet)> voters, ImmutableArray<(long, short)> levels)
    {
        _configured = configured;
        _voters = voters;
        _levels = levels;
    }

    /// <summary>Who votes now.</summary>
    public VoterSet Current => _voters.IsEmpty ? _configured : _voters[^1].Voters;

    /// <summary>Where <see cref="Current"/> stands; -1 for a snapshot at offset 0, null while the log names
    /// none.</summary>
    public long? Offset => _voters.IsEmpty ? null : _voters[^1].Offset;

    /// <summary>The kraft.version: 1 where voters may change.</summary>
    public short KRaftVersion => _levels.IsEmpty ? (short)0 : _levels[^1].Level;

    public VoterHistory Add(long offset, VoterSet voters) =>
        new(_configured, _voters.Add((offset, voters)), _levels);

    public VoterHistory Add(long offset, short kraftVersion) =>
        new(_configured, _voters, _levels.Add((offset, kraftVersion)));

    /// <summary>Without what stands at this offset or later.</summary>
    public VoterHistory TruncateTo(long endOffset) => new(
        _configured,
        _voters.RemoveAll(entry => entry.Offset >= endOffset),
        _levels.RemoveAll(entry => entry.Offset >= endOffset));

    /// <summary>Without what lies before this offset, but for the last of it.</summary>
    public VoterHistory ForgetBefore(long offset)
    {
        int voters = _voters.Count(entry => entry.Offset < offset);
        int levels = _levels.Count(entry => entry.Offset < offset);
        return voters <= 1 && levels <= 1
            ? this
            : new(_configured, _voters[Math.Max(voters - 1, 0)..], _levels[Math.Max(levels - 1, 0)..]);
    }

    /// <summary>Nothing but what is configured.</summary>
    public VoterHistory Clear() => new(_configured);

    /// <summary>What a snapshot that ends here has to say: the voters, if the log named any, and the level.</summary>
    public (VoterSet? Voters, short KRaftVersion) At(long endOffset)
    {
        VoterHistory then = TruncateTo(endOffset);
        return (then._voters.IsEmpty ? null : then.Current, then.KRaftVersion);
    }
}
