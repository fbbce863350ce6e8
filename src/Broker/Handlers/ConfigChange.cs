namespace KRaftSharp.Broker.Handlers;

/// <summary>One config of an alteration.</summary>
internal readonly record struct ConfigChange(string Name, ConfigOperation Operation, string? Value);
