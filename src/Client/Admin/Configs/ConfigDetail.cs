namespace KRaftSharp.Client.Admin;

/// <summary>How much is told of configurations.</summary>
public sealed record ConfigDetail
{
    /// <summary>Only these keys; null: all.</summary>
    public IReadOnlyCollection<string>? Keys { get; init; }

    /// <summary>Where each value would come from next.</summary>
    public bool Synonyms { get; init; }

    public bool Documentation { get; init; }
}
