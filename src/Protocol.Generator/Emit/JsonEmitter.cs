using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Emit;

/// <summary>The WriteJson method of a class.</summary>
internal static class JsonEmitter
{
    public static void Emit(CodeWriter code, Context context)
    {
        code.Open("public void WriteJson(Utf8JsonWriter json, short version)");
        code.Line("json.WriteStartObject();");
        foreach (FieldModel field in context.Struct.Fields)
        {
            string condition = field.Tag is null
                ? context.PresentIf(field)
                : WriteEmitter.TagCondition(context, field);
            code.When(condition, () => EmitValue(code, field));
        }

        code.Line("json.WriteEndObject();");
        code.Close();
    }

    private static void EmitValue(CodeWriter code, FieldModel field)
    {
        string name = $"\"{FieldCode.JsonName(field)}\"";
        if (field.IsList && field.StructClass is null)
        {
            code.Line($"WireJson.WriteList{FieldCode.ListArguments(field)}(json, {name}, {field.Name});");
        }
        else if (field.IsList)
        {
            EmitStructs(code, field, name);
        }
        else if (field.IsStruct)
        {
            code.Line($"json.WritePropertyName({name});");
            EmitStruct(code, field);
        }
        else
        {
            code.Line(Scalar(field, name) + ";");
        }
    }

    private static string Scalar(FieldModel field, string name) => field.Scalar switch
    {
        ScalarType.Bool => $"json.WriteBoolean({name}, {field.Name})",
        ScalarType.String => $"json.WriteString({name}, {field.Name})",
        ScalarType.Uuid => $"json.WriteString({name}, {field.Name}.ToString())",
        ScalarType.Bytes or ScalarType.Records => $"WireJson.WriteBytes(json, {name}, {field.Name})",
        ScalarType.Double => $"WireJson.WriteDouble(json, {name}, {field.Name})",
        _ => $"json.WriteNumber({name}, {(field.IsErrorCode ? "(short)" : "")}{field.Name})",
    };

    private static void EmitStruct(CodeWriter code, FieldModel field)
    {
        if (!field.IsNullable)
        {
            code.Line($"{field.Name}.WriteJson(json, version);");
            return;
        }

        code.Open($"if ({field.Name} is null)");
        code.Line("json.WriteNullValue();");
        code.Close();
        code.Open("else");
        code.Line($"{field.Name}.WriteJson(json, version);");
        code.Close();
    }

    private static void EmitStructs(CodeWriter code, FieldModel field, string name)
    {
        code.Open($"if (WireJson.StartList(json, {name}, {field.Name}))");
        code.Open($"foreach ({field.StructClass} item in WireLists.Span({field.Name}))");
        code.Line("item.WriteJson(json, version);");
        code.Close();
        code.Line("json.WriteEndArray();");
        code.Close();
    }
}
