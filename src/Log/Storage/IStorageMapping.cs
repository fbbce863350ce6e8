namespace KRaftSharp.Log.Storage;

/// <summary>A part of a file as memory.</summary>
public interface IStorageMapping : IDisposable
{
    Span<byte> Span { get; }
}
