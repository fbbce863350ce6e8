using System.Text.Json;

namespace KRaftSharp.Protocol;

/// <summary>The values that JSON has no form of its own for, as Kafka's tools print them.</summary>
internal static class WireJson
{
    public static void WriteBytes(Utf8JsonWriter json, string name, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
        {
            json.WriteBase64String(name, bytes.Span);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>What is no number becomes a string.</summary>
    public static void WriteDouble(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    public static void WriteList<T, TElement>(Utf8JsonWriter json, string name, List<T>? list)
        where TElement : struct, IWireElement<T>
    {
        if (StartList(json, name, list))
        {
            foreach (T item in WireLists.Span(list))
            {
                TElement.WriteJson(json, item);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Starts an array, or writes null and gives false.</summary>
    public static bool StartList<T>(Utf8JsonWriter json, string name, List<T>? list)
    {
        if (list is null)
        {
            json.WriteNull(name);
            return false;
        }

        json.WriteStartArray(name);
        return true;
    }
}
