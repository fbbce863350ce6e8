namespace KRaftSharp.Client.Admin;

/// <summary>A member that is sent away from a classic group, by one of its two names.</summary>
/// <param name="MemberId">Empty where the instance is named.</param>
/// <param name="InstanceId"><c>group.instance.id</c> of a static member.</param>
public sealed record MemberToRemove(string MemberId, string? InstanceId = null);
