using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Emit;

/// <summary>The Write method of a class.</summary>
internal static class WriteEmitter
{
    public static void Emit(CodeWriter code, Context context)
    {
        code.Open("public void Write(ref WireWriter writer, short version)");
        if (ReferenceEquals(context.Struct, context.Message.Body))
        {
            VersionRange versions = context.Message.Versions;
            code.Open($"if (version is < {versions.Low} or > {versions.High})");
            code.Line($"UnsupportedFieldException.ThrowVersion(\"{context.Message.Name}\", version);");
            code.Close();
            code.Line("");
        }

        context.DeclareFlexible(code);
        foreach (FieldModel field in context.Plain)
        {
            string condition = context.PresentIf(field);
            code.When(condition, () => EmitValue(code, context, field));
            EmitAbsent(code, context, field, condition);
        }

        foreach (FieldModel field in context.Tagged)
        {
            EmitAbsent(code, context, field, context.PresentIf(field));
        }

        if (!context.NeverFlexible)
        {
            code.When(context.FlexibleCondition, () => EmitTags(code, context));
        }

        code.Close();
        code.Line("");
    }

    private static void EmitAbsent(CodeWriter code, Context context, FieldModel field, string condition)
    {
        if (condition.Length == 0 || field.Ignorable)
        {
            return;
        }

        string isSet = FieldCode.IsSet(field);
        code.Open(field.Tag is null ? $"else if ({isSet})" : $"if (!({condition}) && {isSet})");
        string owner = ReferenceEquals(context.Struct, context.Message.Body)
            ? context.Message.Name
            : $"{context.Message.Name}.{context.Struct.Name}";
        code.Line($"UnsupportedFieldException.ThrowAbsent(\"{owner}.{field.Name}\", version);");
        code.Close();
    }

    internal static void EmitValue(CodeWriter code, Context context, FieldModel field)
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
            code.Line(Scalar(context, field) + ";");
        }
    }

    private static string Scalar(Context context, FieldModel field)
    {
        string compact = FieldCode.Compact(field, context);
        string name = field.Name;
        return field.Scalar switch
        {
            ScalarType.Bool => $"writer.WriteBool({name})",
            ScalarType.SByte => $"writer.WriteInt8({name})",
            ScalarType.Short when field.IsErrorCode => $"writer.WriteInt16((short){name})",
            ScalarType.Short => $"writer.WriteInt16({name})",
            ScalarType.Int => $"writer.WriteInt32({name})",
            ScalarType.Long => $"writer.WriteInt64({name})",
            ScalarType.UShort => $"writer.WriteUInt16({name})",
            ScalarType.UInt => $"writer.WriteUInt32({name})",
            ScalarType.Double => $"writer.WriteFloat64({name})",
            ScalarType.Uuid => $"writer.WriteUuid({name})",
            ScalarType.String when FieldCode.Nullable(field) == "false" => $"writer.WriteString({name}, {compact})",
            ScalarType.String => $"writer.WriteNullableString({Allow(field)}, {compact})",
            ScalarType kind when FieldCode.Nullable(field) == "false" => $"writer.Write{kind}({name}, {compact})",
            { } kind => $"writer.WriteNullable{kind}({Allow(field)}, {compact})",
            null => throw new InvalidOperationException(name),
        };
    }

    /// <summary>The value, checked for null where a version does not allow it.</summary>
    private static string Allow(FieldModel field) => FieldCode.Nullable(field) is "true"
        ? field.Name
        : $"WireLists.Require({field.Name}, {FieldCode.Nullable(field)})";

    private static void EmitStruct(CodeWriter code, FieldModel field)
    {
        if (!field.IsNullable)
        {
            code.Line($"{field.Name}.Write(ref writer, version);");
            return;
        }

        code.Line(field.Tag is null
            ? $"writer.WritePresence({field.Name} is not null);"
            : $"writer.WriteUnsignedVarint({field.Name} is null ? 0u : 1u);");
        code.Line($"{field.Name}?.Write(ref writer, version);");
    }

    private static void EmitList(CodeWriter code, Context context, FieldModel field)
    {
        string compact = FieldCode.Compact(field, context);
        string nullable = FieldCode.Nullable(field);
        if (field.StructClass is null)
        {
            string call = FieldCode.ListArguments(field);
            code.Line($"WireLists.Write{call}(ref writer, {field.Name}, {compact}, {nullable});");
            return;
        }

        code.Line($"writer.WriteArrayLength(WireLists.Count({field.Name}, {nullable}), {compact});");
        code.Open($"foreach ({field.StructClass} item in WireLists.Span({field.Name}))");
        code.Line("item.Write(ref writer, version);");
        code.Close();
    }

    private static void EmitTags(CodeWriter code, Context context)
    {
        if (!context.Tagged.Any())
        {
            code.Line("writer.WriteTags(UnknownTags);");
            return;
        }

        code.Line("int tags = TaggedFields.CountOf(UnknownTags);");
        foreach (FieldModel field in context.Tagged)
        {
            code.Line($"bool hasTag{field.Tag} = {TagCondition(context, field)};");
            code.Line($"tags += hasTag{field.Tag} ? 1 : 0;");
        }

        code.Line("writer.WriteUnsignedVarint((uint)tags);");
        code.Line("int next = 0;");
        foreach (FieldModel field in context.Tagged)
        {
            code.Open($"if (hasTag{field.Tag})");
            code.Line($"writer.WriteUnknownTags(UnknownTags, ref next, {field.Tag});");
            code.Line("var size = new WireSizer();");
            SizeEmitter.EmitValue(code, context, field, "size");
            code.Line($"writer.WriteTag({field.Tag}, size.Total);");
            EmitValue(code, context, field);
            code.Close();
        }

        code.Line("writer.WriteUnknownTags(UnknownTags, ref next, int.MaxValue);");
    }

    internal static string TagCondition(Context context, FieldModel field)
    {
        string present = context.PresentIf(field);
        return present.Length > 0 ? $"{present} && {FieldCode.IsSet(field)}" : FieldCode.IsSet(field);
    }
}
