using System.Reflection;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Protocol;

/// <summary>The generated classes by name, for tests that run over all of them.</summary>
internal static class MessageTypes
{
    private static readonly Dictionary<string, Type> ByName = typeof(ProduceRequest).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(ProduceRequest).Namespace && typeof(IMessage).IsAssignableFrom(type))
        .ToDictionary(type => type.Name);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static IMessage New(string name) =>
        ByName.TryGetValue(name, out Type? type)
            ? (IMessage)Activator.CreateInstance(type)!
            : throw new ArgumentException($"There is no class {name}.", nameof(name));

    /// <summary>The fields of a message or a struct inside it.</summary>
    public static IEnumerable<PropertyInfo> FieldsOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.PropertyType != typeof(TaggedFields));

    /// <summary>Whether a property's type is a struct of the schema.</summary>
    public static bool IsStruct(Type type) => type.GetProperty("UnknownTags") is not null;
}
