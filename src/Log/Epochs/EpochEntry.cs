namespace KRaftSharp.Log.Epochs;

/// <summary>A leader epoch and the first offset that was, or would be, written in it.</summary>
public readonly record struct EpochEntry(int Epoch, long StartOffset);
