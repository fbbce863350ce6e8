using System.Collections;
using System.Reflection;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>Puts our ids and times in the place of the recorded ones in a request.</summary>
internal static class RequestTranslation
{
    public static void Apply(object message, Identities ids, RecordedTime time)
    {
        foreach (PropertyInfo property in message.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!property.CanWrite || property.PropertyType == typeof(TaggedFields))
            {
                continue;
            }

            object? value = property.GetValue(message);
            if (Translate(property.Name, value, ids, time) is { } other)
            {
                property.SetValue(message, other);
            }
            else if (value is IList list)
            {
                ApplyToList(property.Name, list, ids, time);
            }
            else if (value?.GetType() is { IsClass: true } type && type != typeof(string))
            {
                Apply(value, ids, time);
            }
        }
    }

    private static void ApplyToList(string name, IList list, Identities ids, RecordedTime time)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is { } item && Translate(name, item, ids, time) is { } other)
            {
                list[i] = other;
            }
            else if (list[i]?.GetType() is { IsClass: true } type && type != typeof(string))
            {
                Apply(list[i]!, ids, time);
            }
        }
    }

    /// <summary>Null where the value has parts or is none that differs from broker to broker.</summary>
    private static object? Translate(string name, object? value, Identities ids, RecordedTime time) =>
        (name, value) switch
        {
            (_, Uuid id) => ids.Translate(Identities.Uuid, id),
            ("ClusterId", string id) when Uuid.TryParse(id, out Uuid uuid) =>
                ids.Translate(Identities.Uuid, uuid).ToString(),
            ("MemberId", string id) => ids.Translate(Identities.Member, id),
            (_, long id) when name.Contains("ProducerId", StringComparison.Ordinal) =>
                ids.Translate(Identities.Producer, id),
            ("SubscriptionId", int id) => (int)ids.Translate(Identities.Subscription, (long)id),
            ("SessionId", int id) => (int)ids.Translate(Identities.Session, (long)id),
            ("Timestamp", long ms) => time.Translate(ms),
            ("Records", ReadOnlyMemory<byte> records) =>
                (ReadOnlyMemory<byte>)RecordSets.Translate(records.Span, ids, time),
            _ => null,
        };
}
