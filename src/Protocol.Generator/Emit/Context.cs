using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Emit;

/// <summary>The message a struct belongs to, and what follows from it for the struct's code.</summary>
internal sealed class Context(MessageModel message, StructModel model)
{
    public MessageModel Message => message;

    public StructModel Struct => model;

    public bool NeverFlexible => model.Versions.High < message.FlexibleFrom;

    public bool AlwaysFlexible => model.Versions.Low >= message.FlexibleFrom;

    /// <summary>An expression for whether the version is flexible.</summary>
    public string Flexible => NeverFlexible ? "false" : AlwaysFlexible ? "true" : "flexible";

    /// <summary>The condition in front of tagged fields; empty where there always are some.</summary>
    public string FlexibleCondition => AlwaysFlexible ? "" : "flexible";

    public IEnumerable<FieldModel> Plain => model.Fields.Where(one => one.Tag is null);

    public IEnumerable<FieldModel> Tagged => model.Fields.Where(one => one.Tag is not null)
        .OrderBy(one => one.Tag);

    public string PresentIf(FieldModel field) => FieldCode.Present(field.Versions, model.Versions);

    /// <summary>Declares the variable that <see cref="Flexible"/> names, where one is needed.</summary>
    public void DeclareFlexible(CodeWriter code)
    {
        if (!NeverFlexible && !AlwaysFlexible)
        {
            code.Line($"bool flexible = version >= {message.FlexibleFrom};");
        }
    }

    public StructModel StructOf(FieldModel field) =>
        message.Structs.First(other => other.ClassName == field.StructClass);

    /// <summary>The fewest bytes that a value of this struct takes in any of its versions; at least 1.</summary>
    public int LeastBytes(StructModel of)
    {
        int least = int.MaxValue;
        for (int version = of.Versions.Low; version <= Math.Min(of.Versions.High, message.Versions.High); version++)
        {
            bool flexible = version >= message.FlexibleFrom;
            int bytes = flexible ? 1 : 0;
            foreach (FieldModel field in of.Fields)
            {
                bool present = field.Versions.Low <= version && version <= field.Versions.High && field.Tag is null;
                bytes += present ? LeastBytes(field, flexible && !field.Plain) : 0;
            }

            least = Math.Min(least, bytes);
        }

        return Math.Max(least, 1);
    }

    private int LeastBytes(FieldModel field, bool compact)
    {
        if (field.IsList)
        {
            return compact ? 1 : 4;
        }

        return field.Scalar switch
        {
            null => field.IsNullable ? 1 : LeastBytes(StructOf(field)),
            ScalarType.String => compact ? 1 : 2,
            ScalarType.Bytes or ScalarType.Records => compact ? 1 : 4,
            ScalarType fixedSize => FixedBytes(fixedSize),
        };
    }

    /// <summary>The size of a type that always takes the same; 0 for the others.</summary>
    public static int FixedBytes(ScalarType scalar) => scalar switch
    {
        ScalarType.Bool or ScalarType.SByte => 1,
        ScalarType.Short or ScalarType.UShort => 2,
        ScalarType.Int or ScalarType.UInt => 4,
        ScalarType.Long or ScalarType.Double => 8,
        ScalarType.Uuid => 16,
        _ => 0,
    };
}
