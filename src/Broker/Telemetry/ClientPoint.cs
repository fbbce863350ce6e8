namespace KRaftSharp.Broker.Telemetry;

/// <summary>One figure that a client pushed.</summary>
/// <param name="Labels">Names and values by turns, those of the point itself.</param>
/// <param name="IsDelta">Whether it is to be added to what came before.</param>
internal readonly record struct ClientPoint(string Name, IReadOnlyList<string> Labels, double Value, bool IsDelta);
