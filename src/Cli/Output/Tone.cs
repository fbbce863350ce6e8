namespace KRaftSharp.Cli.Output;

/// <summary>How a cell looks on a terminal.</summary>
internal enum Tone
{
    Plain,
    Good,
    Warning,
    Bad,
    Dim,
}
