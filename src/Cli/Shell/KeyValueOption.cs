namespace KRaftSharp.Cli;

/// <summary>Parses <c>key=value</c> arguments.</summary>
internal static class KeyValueOption
{
    /// <exception cref="ArgumentException">One of them has no equals sign.</exception>
    public static IEnumerable<(string Key, string Value)> Parse(IEnumerable<string>? pairs)
    {
        foreach (string pair in pairs ?? [])
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return equals > 0
                ? (pair[..equals].Trim(), pair[(equals + 1)..].Trim())
                : throw new ArgumentException($"'{pair}' is not of the form key=value");
        }
    }
}
