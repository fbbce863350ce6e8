namespace KRaftSharp.Client.Consumer;

/// <summary>A record whose key and value have been deserialized.</summary>
/// <param name="Key">Of the record.</param>
/// <param name="Value">Of the record.</param>
/// <param name="Raw">Where it stood, its time, headers and bytes.</param>
public sealed record TypedRecord<TKey, TValue>(TKey Key, TValue Value, ConsumerRecord Raw);
