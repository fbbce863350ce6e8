using System.Text.Json;

namespace KRaftSharp.Protocol;

/// <summary>How a scalar is kept in a list; implemented by empty structs, so that each list's loop is compiled for its
/// element.</summary>
internal interface IWireElement<T>
{
    static abstract int LeastBytes(bool compact);

    static abstract T Read(ref WireReader reader, bool compact);

    static abstract void Write(ref WireWriter writer, T value, bool compact);

    static abstract void AddSize(ref WireSizer sizer, T value, bool compact);

    static abstract void WriteJson(Utf8JsonWriter json, T value);
}
