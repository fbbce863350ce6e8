using System.Globalization;
using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Parsing;

/// <summary>The words of the schema language for kinds and types, and what defaults a type can have.</summary>
internal static class SchemaTypes
{
    public static readonly IReadOnlyDictionary<string, MessageKind> Kinds = new Dictionary<string, MessageKind>
    {
        ["request"] = MessageKind.Request,
        ["response"] = MessageKind.Response,
        ["header"] = MessageKind.Header,
        ["data"] = MessageKind.Data,
        ["metadata"] = MessageKind.Metadata,
        ["remote-log"] = MessageKind.RemoteLog,
        ["group-key"] = MessageKind.GroupKey,
        ["group-value"] = MessageKind.GroupValue,
        ["transaction-key"] = MessageKind.TransactionKey,
        ["transaction-value"] = MessageKind.TransactionValue,
        ["share-key"] = MessageKind.ShareKey,
        ["share-value"] = MessageKind.ShareValue,
    };

    public static readonly IReadOnlyDictionary<string, ScalarType> Scalars = new Dictionary<string, ScalarType>
    {
        ["bool"] = ScalarType.Bool,
        ["sbyte"] = ScalarType.SByte,
        ["short"] = ScalarType.Short,
        ["int"] = ScalarType.Int,
        ["long"] = ScalarType.Long,
        ["ushort"] = ScalarType.UShort,
        ["uint"] = ScalarType.UInt,
        ["double"] = ScalarType.Double,
        ["string"] = ScalarType.String,
        ["uuid"] = ScalarType.Uuid,
        ["bytes"] = ScalarType.Bytes,
        ["records"] = ScalarType.Records,
    };

    public static bool HasKey(MessageKind kind) => kind is not (MessageKind.Header or MessageKind.Data);

    /// <summary>Whether values of this type can be null where the schema says so.</summary>
    public static bool CanBeNull(ScalarType? scalar, bool isList) => isList || scalar is null
        or ScalarType.String or ScalarType.Bytes or ScalarType.Records;

    /// <summary>The default as a C# literal; null where the text is no value of the type.</summary>
    public static string? Literal(ScalarType? scalar, bool isList, string text)
    {
        if (isList || scalar is null)
        {
            return null;
        }

        if (scalar == ScalarType.Bool)
        {
            return text is "true" or "false" ? text : null;
        }

        bool isNumber =
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
        (long least, long most) = Bounds(scalar.Value);
        return isNumber && number >= least && number <= most ? LiteralOf(number) : null;
    }

    private static string LiteralOf(long number) => number switch
    {
        long.MinValue => "long.MinValue",
        int.MinValue => "int.MinValue",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The range of a type; an impossible one for those that take no number.</summary>
    private static (long Least, long Most) Bounds(ScalarType scalar) => scalar switch
    {
        ScalarType.SByte => (sbyte.MinValue, sbyte.MaxValue),
        ScalarType.Short => (short.MinValue, short.MaxValue),
        ScalarType.Int => (int.MinValue, int.MaxValue),
        ScalarType.Long => (long.MinValue, long.MaxValue),
        ScalarType.UShort => (0, ushort.MaxValue),
        ScalarType.UInt => (0, uint.MaxValue),
        _ => (1, 0),
    };
}
