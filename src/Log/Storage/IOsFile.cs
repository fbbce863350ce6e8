using Microsoft.Win32.SafeHandles;

namespace KRaftSharp.Log.Storage;

/// <summary>A storage file that the operating system knows: the kernel can send its bytes by itself.</summary>
public interface IOsFile
{
    /// <summary>Open as long as the file is.</summary>
    SafeFileHandle Handle { get; }
}
