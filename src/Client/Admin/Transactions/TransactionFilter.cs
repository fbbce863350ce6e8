namespace KRaftSharp.Client.Admin;

/// <summary>Which transactions are listed; what is not said does not matter.</summary>
public sealed record TransactionFilter
{
    /// <summary>Kafka's names, such as <c>Ongoing</c>.</summary>
    public IReadOnlyCollection<string> States { get; init; } = [];

    public IReadOnlyCollection<long> ProducerIds { get; init; } = [];

    /// <summary>Only those that have gone on for longer (KIP-994).</summary>
    public TimeSpan? LongerThan { get; init; }

    /// <summary>A regular expression (RE2) for the ids (KIP-1152).</summary>
    public string? IdPattern { get; init; }
}
