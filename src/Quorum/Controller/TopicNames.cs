namespace KRaftSharp.Quorum.Controller;

/// <summary>What a topic may be called.</summary>
public static class TopicNames
{
    public const int MaxLength = 249;

    public const string ClusterMetadata = "__cluster_metadata";

    /// <summary>What is wrong with a name, in Kafka's words, or null.</summary>
    public static string? Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name switch
        {
            "" => "Topic name is invalid: the empty string is not allowed",
            "." => "Topic name is invalid: '.' is not allowed",
            ".." => "Topic name is invalid: '..' is not allowed",
            { Length: > MaxLength } => $"Topic name is invalid: the length of '{name}' is longer than the max allowed "
                + $"length {MaxLength}",
            _ when !name.All(IsAllowed) => $"Topic name is invalid: '{name}' contains one or more characters other than"
                + " ASCII alphanumerics, '.', '_' and '-'",
            _ => null,
        };
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
