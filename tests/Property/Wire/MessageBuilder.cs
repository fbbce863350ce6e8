using System.Collections;
using System.Reflection;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Tests.Property.Wire;

/// <summary>Fills a message with drawn values that its version can carry.</summary>
internal sealed class MessageBuilder(MessageModel message, short version, Entropy entropy)
{
    private const int FirstUnknownTag = 40;

    private static readonly string[] Texts =
        ["", "a", "orders", "größe", "日本語", "😀", "\0", new('x', 130), new('y', 20_000)];

    public IMessage Build()
    {
        IMessage target = MessageModels.New(message);
        Fill(target, message.Body);
        return target;
    }

    private void Fill(object target, StructModel model)
    {
        foreach (FieldModel field in model.Fields)
        {
            bool isPresent = field.Versions.Low <= version && version <= field.Versions.High;
            if (isPresent && (field.Tag is null || entropy.Below(2) == 1))
            {
                PropertyInfo property = target.GetType().GetProperty(field.Name)!;
                property.SetValue(target, ValueOf(field, property.PropertyType));
            }
        }

        if (version >= message.FlexibleFrom && entropy.Below(6) == 5)
        {
            var tags = new TaggedFields();
            for (int left = entropy.Below(3); left >= 0; left--)
            {
                tags.Add(FirstUnknownTag + (int)entropy.Number(0, int.MaxValue - FirstUnknownTag), entropy.Bytes());
            }

            target.GetType().GetProperty(nameof(IMessage.UnknownTags))!.SetValue(target, tags);
        }
    }

    private object? ValueOf(FieldModel field, Type type)
    {
        if (version >= field.NullableFrom && entropy.Below(4) == 3)
        {
            return null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!field.IsList)
        {
            return ElementOf(field, type);
        }

        var list = (IList)Activator.CreateInstance(type)!;
        for (int left = entropy.Below(4); left > 0; left--)
        {
            list.Add(ElementOf(field, type.GetGenericArguments()[0]));
        }

        return list;
    }

    private object ElementOf(FieldModel field, Type type)
    {
        if (field.Scalar is { } scalar)
        {
            object value = ScalarOf(scalar);
            return type == typeof(ErrorCode) ? (ErrorCode)(short)value : value;
        }

        object inner = Activator.CreateInstance(type)!;
        Fill(inner, message.Structs.First(model => model.ClassName == field.StructClass));
        return inner;
    }

    private object ScalarOf(ScalarType scalar) => scalar switch
    {
        ScalarType.Bool => entropy.Below(2) == 1,
        ScalarType.SByte => (sbyte)entropy.Number(sbyte.MinValue, sbyte.MaxValue),
        ScalarType.Short => (short)entropy.Number(short.MinValue, short.MaxValue),
        ScalarType.Int => (int)entropy.Number(int.MinValue, int.MaxValue),
        ScalarType.Long => entropy.Number(long.MinValue, long.MaxValue),
        ScalarType.UShort => (ushort)entropy.Number(0, ushort.MaxValue),
        ScalarType.UInt => (uint)entropy.Number(0, uint.MaxValue),
        ScalarType.Double => BitConverter.Int64BitsToDouble(entropy.Number(long.MinValue, long.MaxValue)),
        ScalarType.String => Texts[entropy.Below(Texts.Length)],
        ScalarType.Uuid => new Uuid(entropy.Number(long.MinValue, long.MaxValue), entropy.Byte()),
        _ => new ReadOnlyMemory<byte>(entropy.Bytes()),
    };
}
