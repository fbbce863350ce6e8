namespace KRaftSharp.Protocol.Generator.Model;

/// <summary>What the API table says of a request beyond its versions; the numbers are part of the table.</summary>
[Flags]
internal enum ApiTraits
{
    None = 0,
    Broker = 1,
    Controller = 2,
    Forwardable = 4,
    ClusterAction = 8,
    Unstable = 16,
}
