namespace KRaftSharp.Quorum.Configs;

/// <summary>Why a value is refused.</summary>
/// <param name="Shown">The part of the value to name, where it is not the whole.</param>
/// <param name="IsWhole">True when the message needs no introduction.</param>
public readonly record struct ConfigFault(string Message, string? Shown = null, bool IsWhole = false)
{
    internal static ConfigFault Whole(string message) => new(message, IsWhole: true);
}
