using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Node;

/// <summary>What a broker says of itself when it registers.</summary>
/// <param name="IncarnationId">New at each start of the process.</param>
/// <param name="Directories">Its log directories.</param>
/// <param name="PreviousEpoch">The epoch of the last clean shutdown; -1 after any other end.</param>
internal sealed record BrokerIdentity(
    string ClusterId, Uuid IncarnationId, DirectoryPart Directories, long PreviousEpoch);
