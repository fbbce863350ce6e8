namespace KRaftSharp.Client;

/// <summary>Who commits offsets of a group, so that a member that the group has moved on from is refused
/// (KIP-447).</summary>
/// <param name="GroupId"><c>group.id</c>.</param>
/// <param name="GenerationId">The member's generation or epoch; -1: not checked.</param>
/// <param name="MemberId">Empty with -1.</param>
/// <param name="GroupInstanceId"><c>group.instance.id</c> of a static member.</param>
public sealed record ConsumerGroupMetadata(
    string GroupId, int GenerationId = -1, string MemberId = "", string? GroupInstanceId = null);
