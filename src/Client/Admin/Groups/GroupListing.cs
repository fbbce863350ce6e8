namespace KRaftSharp.Client.Admin;

/// <summary>A group as ListGroups tells of it.</summary>
/// <param name="Id">The group's id.</param>
/// <param name="Type">How it works.</param>
/// <param name="State">Kafka's name, such as <c>Stable</c>; empty where the broker is too old to say.</param>
/// <param name="Protocol"><c>consumer</c> for classic consumer groups; empty where there are only offsets.</param>
/// <param name="CoordinatorId">The broker that knows it.</param>
public sealed record GroupListing(string Id, GroupType Type, string State, string Protocol, int CoordinatorId);
