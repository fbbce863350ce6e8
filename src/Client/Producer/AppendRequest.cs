namespace KRaftSharp.Client.Producer;

/// <summary>How the sender of a record wants to hear of it.</summary>
internal readonly record struct AppendRequest(bool WantsTask, Action<RecordMetadata, KafkaException?>? Callback);
