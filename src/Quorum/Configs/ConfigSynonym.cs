namespace KRaftSharp.Quorum.Configs;

/// <summary>A broker config that gives another its default.</summary>
/// <param name="Factor">The broker's value times this is the value: hours to milliseconds, for example.</param>
public readonly record struct ConfigSynonym(string Name, long Factor = 1);
