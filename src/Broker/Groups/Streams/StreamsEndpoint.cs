namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Where a process of a streams application answers interactive queries (application.server).</summary>
internal sealed record StreamsEndpoint(string Host, ushort Port);
