namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>How many members of a group wait for the answer to their join: it is asked at each join.</summary>
internal sealed class WaitingJoins
{
    public int Count { get; set; }
}
