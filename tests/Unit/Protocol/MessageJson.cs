using System.Buffers;
using System.Collections;
using System.Reflection;
using System.Text.Json;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Protocol;

/// <summary>Between messages and the json of the vectors.</summary>
internal static class MessageJson
{
    public static JsonElement Write(IMessage message, short version)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            message.WriteJson(json, version);
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    /// <summary>Sets the fields that the json has.</summary>
    public static void Fill(object target, JsonElement json)
    {
        foreach (JsonProperty field in json.EnumerateObject())
        {
            PropertyInfo property = PropertyOf(target, field.Name);
            property.SetValue(target, ValueOf(property.PropertyType, field.Value));
        }
    }

    public static void AddTags(object message, JsonElement line)
    {
        foreach (JsonElement tag in line.GetProperty("unknownTags").EnumerateArray())
        {
            object at = At(message, tag.GetProperty("at").GetString()!);
            PropertyInfo tags = at.GetType().GetProperty("UnknownTags")!;
            var fields = (TaggedFields?)tags.GetValue(at) ?? new TaggedFields();
            fields.Add(tag.GetProperty("tag").GetInt32(), VectorFiles.Hex(tag));
            tags.SetValue(at, fields);
        }
    }

    /// <summary>The struct that a JSON pointer names.</summary>
    public static object At(object message, string pointer)
    {
        object at = message;
        foreach (string part in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = at is IList list
                ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]!
                : PropertyOf(at, part).GetValue(at)!;
        }

        return at;
    }

    public static PropertyInfo PropertyOf(object target, string jsonName)
    {
        string name = char.ToUpperInvariant(jsonName[0]) + jsonName[1..];
        return target.GetType().GetProperty(name)
            ?? throw new ArgumentException($"{target.GetType().Name} has no {name}.", nameof(jsonName));
    }

    /// <summary>The first difference, or null. Numbers are compared as integers, or by the bits of a double.</summary>
    public static string? Difference(JsonElement expected, JsonElement actual, string at = "")
    {
        if (expected.ValueKind != actual.ValueKind)
        {
            return $"{at}: {actual.ValueKind} instead of {expected.ValueKind}";
        }

        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var names = expected.EnumerateObject().Select(field => field.Name).ToHashSet();
                var others = actual.EnumerateObject().Select(field => field.Name).ToHashSet();
                return names.SetEquals(others)
                    ? names.Select(name => Difference(
                        expected.GetProperty(name), actual.GetProperty(name), $"{at}/{name}")).FirstOrDefault(Found)
                    : $"{at}: fields {string.Join(',', others)} instead of {string.Join(',', names)}";
            case JsonValueKind.Array:
                return expected.GetArrayLength() != actual.GetArrayLength()
                    ? $"{at}: {actual.GetArrayLength()} elements instead of {expected.GetArrayLength()}"
                    : expected.EnumerateArray().Zip(actual.EnumerateArray())
                        .Select((pair, i) => Difference(pair.First, pair.Second, $"{at}/{i}")).FirstOrDefault(Found);
            case JsonValueKind.String:
                return expected.GetString() == actual.GetString() ? null : $"{at}: {actual} instead of {expected}";
            case JsonValueKind.Number:
                bool same = expected.TryGetInt64(out long number)
                    ? actual.TryGetInt64(out long other) && number == other
                        && IsMinusZero(expected) == IsMinusZero(actual)
                    : BitConverter.DoubleToInt64Bits(expected.GetDouble())
                        == BitConverter.DoubleToInt64Bits(actual.GetDouble());
                return same ? null : $"{at}: {actual} instead of {expected}";
            default:
                return null;
        }

        static bool Found(string? difference) => difference is not null;

        static bool IsMinusZero(JsonElement value) => double.IsNegative(value.GetDouble()) && value.GetDouble() == 0;
    }

    private static object? ValueOf(Type type, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            var list = (IList)Activator.CreateInstance(type)!;
            foreach (JsonElement item in value.EnumerateArray())
            {
                list.Add(ValueOf(type.GetGenericArguments()[0], item));
            }

            return list;
        }

        if (MessageTypes.IsStruct(type))
        {
            object inner = Activator.CreateInstance(type)!;
            Fill(inner, value);
            return inner;
        }

        return ScalarOf(type, value);
    }

    private static object ScalarOf(Type type, JsonElement value) => type switch
    {
        _ when type == typeof(bool) => value.GetBoolean(),
        _ when type == typeof(sbyte) => value.GetSByte(),
        _ when type == typeof(short) => value.GetInt16(),
        _ when type == typeof(ErrorCode) => (ErrorCode)value.GetInt16(),
        _ when type == typeof(int) => value.GetInt32(),
        _ when type == typeof(long) => value.GetInt64(),
        _ when type == typeof(ushort) => value.GetUInt16(),
        _ when type == typeof(uint) => value.GetUInt32(),
        _ when type == typeof(string) => value.GetString()!,
        _ when type == typeof(Uuid) => Uuid.Parse(value.GetString()!),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(value.GetBytesFromBase64()),
        _ when type == typeof(double) => DoubleOf(value),
        _ => throw new ArgumentException($"{type} is no type of a field.", nameof(type)),
    };

    /// <summary>The NaN of the vectors is Java's, positive and quiet.</summary>
    public static double DoubleOf(JsonElement value) => value.ValueKind != JsonValueKind.String
        ? value.GetDouble()
        : value.GetString() switch
        {
            "NaN" => BitConverter.Int64BitsToDouble(0x7ff8000000000000),
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => throw new ArgumentException($"{value} is no number.", nameof(value)),
        };
}
