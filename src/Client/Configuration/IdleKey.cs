namespace KRaftSharp.Client.Configuration;

/// <summary>A key of Kafka's clients that this one takes without doing anything for it.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Kind">What its value must be all the same.</param>
/// <param name="Reason">Why it does nothing, for the log.</param>
internal sealed record IdleKey(string Key, IdleKeyKind Kind, string Reason);
