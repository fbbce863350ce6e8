using System.Runtime.InteropServices;

namespace KRaftSharp.Protocol.Compression;

/// <summary>Finds the system's compression libraries, whose names carry a version where no headers are installed.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>The handle of the first library that loads, or 0.</summary>
    public static nint Load(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }

    /// <summary>The address of an exported function, or 0; 0 for no library.</summary>
    public static nint Export(nint library, string name) =>
        library != 0 && NativeLibrary.TryGetExport(library, name, out nint address) ? address : 0;
}
