namespace KRaftSharp.Cli.Output;

/// <summary>The form of a command's output.</summary>
internal enum OutputFormat
{
    Text,
    Json,
}
