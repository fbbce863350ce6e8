using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Quorum.Raft.Roles;

/// <summary>A fetch that waits for records, for a higher watermark or for its deadline.</summary>
internal sealed record ParkedFetch(object Token, RaftRequest.Fetch Request, long DeadlineMs);
