using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Emit;

/// <summary>The Read method of a class.</summary>
internal static class ReadEmitter
{
    public static void Emit(CodeWriter code, Context context)
    {
        code.Open("public void Read(ref WireReader reader, short version)");
        context.DeclareFlexible(code);
        foreach (FieldModel field in context.Plain)
        {
            EmitPlain(code, context, field);
        }

        EmitTags(code, context);
        code.Close();
        code.Line("");
    }

    private static void EmitPlain(CodeWriter code, Context context, FieldModel field)
    {
        string condition = context.PresentIf(field);
        if (condition.Length == 0)
        {
            EmitValue(code, context, field);
            return;
        }

        code.Open($"if ({condition})");
        EmitValue(code, context, field);
        code.Close();
        code.Open("else");
        EmitReset(code, field);
        code.Close();
    }

    private static void EmitReset(CodeWriter code, FieldModel field)
    {
        if (field.IsList && !field.IsNullable)
        {
            code.Line($"{field.Name}.Clear();");
        }
        else if (field.IsLazyStruct)
        {
            code.Line($"{FieldCode.Backing(field)} = null;");
        }
        else
        {
            code.Line($"{field.Name} = {FieldCode.DefaultOf(field)};");
        }
    }

    private static void EmitValue(CodeWriter code, Context context, FieldModel field)
    {
        if (field.IsList)
        {
            EmitList(code, context, field);
        }
        else if (field.IsStruct)
        {
            EmitStruct(code, field);
        }
        else
        {
            code.Line($"{field.Name} = {Scalar(context, field)};");
        }
    }

    private static string Scalar(Context context, FieldModel field)
    {
        string compact = FieldCode.Compact(field, context);
        return field.Scalar switch
        {
            ScalarType.Bool => "reader.ReadBool()",
            ScalarType.SByte => "reader.ReadInt8()",
            ScalarType.Short when field.IsErrorCode => "(ErrorCode)reader.ReadInt16()",
            ScalarType.Short => "reader.ReadInt16()",
            ScalarType.Int => "reader.ReadInt32()",
            ScalarType.Long => "reader.ReadInt64()",
            ScalarType.UShort => "reader.ReadUInt16()",
            ScalarType.UInt => "reader.ReadUInt32()",
            ScalarType.Double => "reader.ReadFloat64()",
            ScalarType.Uuid => "reader.ReadUuid()",
            ScalarType.String => MaybeNull(field, $"String({compact})"),
            _ => MaybeNull(field, $"Bytes({compact})"),
        };
    }

    private static string MaybeNull(FieldModel field, string call) => FieldCode.Nullable(field) switch
    {
        "false" => $"reader.Read{call}",
        "true" => $"reader.ReadNullable{call}",
        string allowed => $"{allowed} ? reader.ReadNullable{call} : reader.Read{call}",
    };

    private static void EmitStruct(CodeWriter code, FieldModel field)
    {
        if (!field.IsNullable)
        {
            code.Line($"{field.Name}.Read(ref reader, version);");
            return;
        }

        // In a tagged field the marker is one higher than elsewhere: 0 for null.
        code.Open(field.Tag is null ? "if (reader.ReadPresence())" : "if (reader.ReadUnsignedVarint() > 0)");
        code.Line($"({field.Name} ??= new()).Read(ref reader, version);");
        code.Close();
        code.Open("else");
        code.Line($"{field.Name} = null;");
        code.Close();
    }

    private static void EmitList(CodeWriter code, Context context, FieldModel field)
    {
        string compact = FieldCode.Compact(field, context);
        string nullable = FieldCode.Nullable(field);
        if (field.StructClass is null)
        {
            string call = FieldCode.ListArguments(field);
            code.Line(nullable == "false"
                ? $"WireLists.Read{call}(ref reader, {field.Name}, {compact});"
                : $"{field.Name} = WireLists.ReadNullable{call}(ref reader, {field.Name}, {compact}, {nullable});");
            return;
        }

        string least = $"{compact}, {context.LeastBytes(context.StructOf(field))}";
        string list = field.Name;
        if (nullable == "false")
        {
            EmitElements(code, field, list, $"reader.ReadArrayLength({least})");
            return;
        }

        string count = Uncapitalize(field.Name) + "Count";
        code.Line(nullable == "true"
            ? $"int {count} = reader.ReadNullableArrayLength({least});"
            : $"int {count} = {nullable} ? reader.ReadNullableArrayLength({least}) : reader.ReadArrayLength({least});");
        code.Open($"if ({count} < 0)");
        code.Line($"{list} = null;");
        code.Close();
        code.Open("else");
        EmitElements(code, field, $"{list} ??= []", count);
        code.Close();
    }

    private static void EmitElements(CodeWriter code, FieldModel field, string list, string count)
    {
        code.Open($"foreach (ref {field.StructClass}? item in WireLists.Resize({list}, {count}))");
        code.Line("(item ??= new()).Read(ref reader, version);");
        code.Open("if (reader.HasError)");
        code.Line("break;");
        code.Close();
        code.Close();
    }

    private static void EmitTags(CodeWriter code, Context context)
    {
        foreach (FieldModel field in context.Tagged)
        {
            EmitReset(code, field);
        }

        if (context.NeverFlexible)
        {
            code.Line("UnknownTags = null;");
            return;
        }

        if (!context.Tagged.Any())
        {
            string read = "reader.ReadUnknownTags()";
            code.Line($"UnknownTags = {(context.AlwaysFlexible ? read : $"flexible ? {read} : null")};");
            return;
        }

        code.Line("UnknownTags = null;");
        code.When(context.FlexibleCondition, () => EmitTagLoop(code, context));
    }

    private static void EmitTagLoop(CodeWriter code, Context context)
    {
        code.Line("int tag = -1;");
        code.Open("for (uint left = reader.ReadUnsignedVarint(); left > 0 && !reader.HasError; left--)");
        code.Line("tag = reader.ReadTag(tag, out int end);");
        code.Open("switch (tag)");
        foreach (FieldModel field in context.Tagged)
        {
            string condition = FieldCode.Present(field.Versions, FlexibleVersions(context));
            code.Open($"case {field.Tag}{(condition.Length > 0 ? " when " : "")}{condition}:");
            EmitValue(code, context, field);
            code.Line("reader.EndTag(end);");
            code.Line("break;");
            code.Close();
        }

        code.Open("default:");
        code.Line("UnknownTags = reader.KeepTag(UnknownTags, tag, end);");
        code.Line("break;");
        code.Close();
        code.Close();
        code.Close();
    }

    private static VersionRange FlexibleVersions(Context context) =>
        context.Struct.Versions.Intersect(new VersionRange(context.Message.FlexibleFrom, VersionRange.Open));

    private static string Uncapitalize(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
