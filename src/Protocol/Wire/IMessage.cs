using System.Text.Json;

namespace KRaftSharp.Protocol;

/// <summary>A message of the protocol: fields as properties, and its bytes at every version it has.</summary>
public interface IMessage
{
    short LowestVersion { get; }

    /// <summary>The newest version known, an unstable one included.</summary>
    short HighestVersion { get; }

    /// <summary>Tagged fields that the schema does not know; kept when read, written back. Null means none.</summary>
    TaggedFields? UnknownTags { get; set; }

    /// <summary>Sets every field: from the bytes, or to its default where this version lacks it. Objects that hang on
    /// this message are reused, so read over a message only when nobody else holds parts of it.</summary>
    void Read(ref WireReader reader, short version);

    /// <exception cref="UnsupportedFieldException">A field is set that this version cannot carry.</exception>
    void Write(ref WireWriter writer, short version);

    /// <summary>Adds the bytes that <see cref="Write"/> will take.</summary>
    void AddSize(ref WireSizer sizer, short version);

    /// <summary>Writes the fields of this version as one JSON object, names in camelCase, bytes in base64; tagged
    /// fields only where they are not the default.</summary>
    void WriteJson(Utf8JsonWriter json, short version);
}
