using KRaftSharp.Protocol;

namespace KRaftSharp.Cli;

/// <summary>A failure whose way out the command knows.</summary>
internal sealed class ToolException(string message, string hint, ErrorCode error = ErrorCode.None)
    : Exception(message)
{
    /// <summary>What to do about it.</summary>
    public string Hint => hint;

    public ErrorCode Error => error;
}
