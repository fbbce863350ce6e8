using System.Collections.Immutable;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>
/// Ids that a broker makes up (topics, members, producers, sessions): what was recorded, and what takes its place here.
/// One recorded id is one id of ours and the other way round. A value, so that a comparison that fails leaves nothing.
/// </summary>
internal sealed record Identities
{
    public const string Uuid = "uuid";
    public const string Member = "member";
    public const string Producer = "producer";
    public const string Session = "session";
    public const string Subscription = "subscription";

    private ImmutableDictionary<(string Kind, object Value), object> Ours { get; init; } =
        ImmutableDictionary<(string, object), object>.Empty;

    private ImmutableDictionary<(string Kind, object Value), object> Recorded { get; init; } =
        ImmutableDictionary<(string, object), object>.Empty;

    /// <summary>What takes the place of an id; one that no answer brought is the client's own.</summary>
    public T Translate<T>(string kind, T recorded)
        where T : notnull => Ours.TryGetValue((kind, recorded), out object? ours) ? (T)ours : recorded;

    /// <summary>Null when they cannot be the same.</summary>
    public Identities? With(string kind, object recorded, object ours) =>
        Ours.TryGetValue((kind, recorded), out object? known)
            ? (known.Equals(ours) ? this : null)
            : Recorded.ContainsKey((kind, ours))
                ? null
                : new Identities
                {
                    Ours = Ours.Add((kind, recorded), ours),
                    Recorded = Recorded.Add((kind, ours), recorded),
                };
}
