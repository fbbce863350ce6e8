namespace KRaftSharp.Broker.Network;

/// <summary>One connection of a client or of another node, as it is now.</summary>
/// <param name="Id">Unique within the node's life.</param>
/// <param name="OpenMs">How long it has been open.</param>
/// <param name="IdleMs">Since when nothing came and nothing was sent.</param>
/// <param name="Requests">That came so far.</param>
/// <param name="Waiting">Those that are not answered yet.</param>
/// <param name="BytesIn">That came so far.</param>
public sealed record ConnectionView(
    long Id, string Listener, string Host, int Port, string Principal, string? ClientId, string Software,
    string SoftwareVersion, long OpenMs, long IdleMs, long Requests, int Waiting, long BytesIn);
