using System.Collections;
using System.Reflection;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Protocol;

/// <summary>Gives a field a value that is not its default.</summary>
internal static class SetToOther
{
    public static void Value(object target, PropertyInfo property) =>
        property.SetValue(target, Other(property.PropertyType, property.GetValue(target)));

    private static object Other(Type type, object? current)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            var list = (IList)Activator.CreateInstance(type)!;
            list.Add(New(type.GetGenericArguments()[0]));
            return list;
        }

        return MessageTypes.IsStruct(type) ? Filled(type) : Scalar(type, current);
    }

    private static object New(Type element) =>
        MessageTypes.IsStruct(element) ? Activator.CreateInstance(element)! : Scalar(element, null);

    private static object Filled(Type type)
    {
        object inner = Activator.CreateInstance(type)!;
        PropertyInfo first = MessageTypes.FieldsOf(type).First(field => !MessageTypes.IsStruct(field.PropertyType));
        Value(inner, first);
        return inner;
    }

    private static object Scalar(Type type, object? current) => type switch
    {
        _ when type == typeof(bool) => current is not true,
        _ when type == typeof(string) => "other",
        _ when type == typeof(Uuid) => new Uuid(3, 4),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>([1, 2]),
        _ when type == typeof(ErrorCode) => ErrorCode.InvalidRequest,
        _ => Convert.ChangeType(77, type, System.Globalization.CultureInfo.InvariantCulture),
    };
}
