namespace KRaftSharp.Client.Producer;

/// <summary>A record that has its place in a batch.</summary>
/// <param name="Completion">Ends with the batch; null unless it was asked for.</param>
/// <param name="Index">The record's place in the batch.</param>
/// <param name="WakeSender">Something became ready to be sent.</param>
internal readonly record struct Appended(Task<BatchResult>? Completion, int Index, bool WakeSender);
