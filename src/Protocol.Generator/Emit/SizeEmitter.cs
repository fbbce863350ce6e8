using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Emit;

/// <summary>The AddSize method of a class.</summary>
internal static class SizeEmitter
{
    public static void Emit(CodeWriter code, Context context)
    {
        code.Open("public void AddSize(ref WireSizer sizer, short version)");
        context.DeclareFlexible(code);
        int always = context.Plain.Where(field => context.PresentIf(field).Length == 0).Sum(Fixed);
        if (always > 0)
        {
            code.Line($"sizer.Add({always});");
        }

        foreach (FieldModel field in context.Plain)
        {
            string condition = context.PresentIf(field);
            if (condition.Length > 0 || Fixed(field) == 0)
            {
                code.When(condition, () => EmitValue(code, context, field, "sizer"));
            }
        }

        if (!context.NeverFlexible)
        {
            code.When(context.FlexibleCondition, () => EmitTags(code, context));
        }

        code.Close();
        code.Line("");
    }

    internal static void EmitValue(CodeWriter code, Context context, FieldModel field, string sizer)
    {
        string compact = FieldCode.Compact(field, context);
        string name = field.Name;
        if (field.IsList && field.StructClass is null)
        {
            code.Line($"WireLists.AddSize{FieldCode.ListArguments(field)}(ref {sizer}, {name}, {compact});");
        }
        else if (field.IsList)
        {
            code.Line($"{sizer}.AddArrayLength(WireLists.Count({name}, true), {compact});");
            code.Open($"foreach ({field.StructClass} item in WireLists.Span({name}))");
            code.Line($"item.AddSize(ref {sizer}, version);");
            code.Close();
        }
        else if (field.IsStruct)
        {
            if (field.IsNullable)
            {
                code.Line($"{sizer}.Add(1);");
            }

            code.Line($"{name}{(field.IsNullable ? "?" : "")}.AddSize(ref {sizer}, version);");
        }
        else if (Fixed(field) is var size and > 0)
        {
            code.Line($"{sizer}.Add({size});");
        }
        else
        {
            code.Line($"{sizer}.Add{field.Scalar}({name}, {compact});");
        }
    }

    private static int Fixed(FieldModel field) =>
        !field.IsList && field.Scalar is { } scalar ? Context.FixedBytes(scalar) : 0;

    private static void EmitTags(CodeWriter code, Context context)
    {
        if (!context.Tagged.Any())
        {
            code.Line("sizer.AddTags(UnknownTags);");
            return;
        }

        code.Line("int tags = 0;");
        foreach (FieldModel field in context.Tagged)
        {
            code.Open($"if ({WriteEmitter.TagCondition(context, field)})");
            code.Line("tags++;");
            code.Line("var size = new WireSizer();");
            EmitValue(code, context, field, "size");
            code.Line($"sizer.AddTag({field.Tag}, size.Total);");
            code.Close();
        }

        code.Line("sizer.AddTags(UnknownTags, tags);");
    }
}
