namespace KRaftSharp.Log.Segments;

/// <summary>Memory for reads, placed so that the kernel copies fast. Thread-safe.</summary>
public sealed class ReadBufferPool
{
}
