using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Emit;

/// <summary>How one field looks in C#: its type, default, and the expressions made of it.</summary>
internal static class FieldCode
{
    public static string ElementType(FieldModel field) => field.IsErrorCode ? "ErrorCode" : field.Scalar switch
    {
        null => field.StructClass!,
        ScalarType.Bool => "bool",
        ScalarType.SByte => "sbyte",
        ScalarType.Short => "short",
        ScalarType.Int => "int",
        ScalarType.Long => "long",
        ScalarType.UShort => "ushort",
        ScalarType.UInt => "uint",
        ScalarType.Double => "double",
        ScalarType.String => "string",
        ScalarType.Uuid => "Uuid",
        _ => "ReadOnlyMemory<byte>",
    };

    public static string TypeOf(FieldModel field)
    {
        string element = ElementType(field);
        return (field.IsList ? $"List<{element}>" : element) + (field.IsNullable ? "?" : "");
    }

    /// <summary>The value of a new object.</summary>
    public static string DefaultOf(FieldModel field)
    {
        if (field.DefaultIsNull)
        {
            return "null";
        }

        if (field.IsList)
        {
            return "[]";
        }

        if (field.IsStruct)
        {
            return "new()";
        }

        return field.Scalar switch
        {
            ScalarType.String => "\"\"",
            ScalarType.Bytes or ScalarType.Records when field.IsNullable => "ReadOnlyMemory<byte>.Empty",
            _ => field.Default ?? "default",
        };
    }

    /// <summary>Whether the value differs from the default.</summary>
    public static string IsSet(FieldModel field)
    {
        if (field.DefaultIsNull)
        {
            return $"{field.Name} is not null";
        }

        if (field.IsList)
        {
            return $"{field.Name} is not {{ Count: 0 }}";
        }

        if (field.IsLazyStruct)
        {
            return $"{Backing(field)} is {{ HasOnlyDefaults: false }}";
        }

        if (field.IsStruct)
        {
            return $"{field.Name} is not {{ HasOnlyDefaults: true }}";
        }

        return field.Scalar switch
        {
            ScalarType.String => $"{field.Name} is not \"\"",
            ScalarType.Bytes or ScalarType.Records when field.IsNullable => $"{field.Name} is not {{ IsEmpty: true }}",
            ScalarType.Bytes or ScalarType.Records => $"!{field.Name}.IsEmpty",
            ScalarType.Bool => field.Default == "true" ? $"!{field.Name}" : field.Name,
            _ => $"{field.Name} != {field.Default ?? "default"}",
        };
    }

    /// <summary>The field behind a struct that is made when first asked for.</summary>
    public static string Backing(FieldModel field) =>
        "_" + char.ToLowerInvariant(field.Name[0]) + field.Name.Substring(1);

    public static string JsonName(FieldModel field) =>
        char.ToLowerInvariant(field.Name[0]) + field.Name.Substring(1);

    /// <summary>The condition under which a version has the field; empty where all of the struct's have it.</summary>
    public static string Present(VersionRange field, VersionRange enclosing)
    {
        string low = field.Low > enclosing.Low ? $"version >= {field.Low}" : "";
        string high = field.High < enclosing.High ? $"version <= {field.High}" : "";
        return low.Length > 0 && high.Length > 0 ? $"{low} && {high}" : low + high;
    }

    /// <summary>"true", "false", or the name of the variable that says whether lengths are compact.</summary>
    public static string Compact(FieldModel field, Context context) => field.Plain ? "false" : context.Flexible;

    /// <summary>"true" or "false" or a comparison: whether null is allowed.</summary>
    public static string Nullable(FieldModel field) => field.NullableFrom switch
    {
        null => "false",
        { } from when from <= field.Versions.Low => "true",
        { } from => $"version >= {from}",
    };

    /// <summary>The type that reads and writes an element of a list of scalars.</summary>
    public static string ListArguments(FieldModel field) => $"<{ElementType(field)}, {field.Scalar}Element>";
}
