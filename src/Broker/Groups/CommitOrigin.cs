namespace KRaftSharp.Broker.Groups;

/// <summary>Who commits offsets.</summary>
/// <param name="Epoch">The generation or member epoch; negative outside of group management.</param>
internal readonly record struct CommitOrigin(
    string MemberId, string? InstanceId, int Epoch, bool IsTransactional, short Version);
