using KRaftSharp.Cli.Output;

namespace KRaftSharp.Cli.Groups;

/// <summary>States of groups in colours.</summary>
internal static class GroupStates
{
    public static Cell Of(string state) => ((Cell)state).As(state switch
    {
        "Stable" => Tone.Good,
        "Empty" => Tone.Dim,
        "Dead" => Tone.Bad,
        _ => Tone.Warning,
    });
}
