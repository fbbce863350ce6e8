using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>What became of each partition of a commit, in the order asked.</summary>
internal sealed record CommitOutcome(IReadOnlyList<ErrorCode> Errors);
