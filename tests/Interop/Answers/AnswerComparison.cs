using System.Text.Json.Nodes;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>
/// Compares an answer with the recorded one, field by field. Not compared: throttle times, addresses, words of
/// messages, sizes of disks, the order of lists of things with names; ids must correspond, times of now be now.
/// </summary>
/// <param name="areValuesOurs">Values, and where they come from, are those of this broker's own configuration.
/// </param>
internal sealed class AnswerComparison(RecordedTime time, bool areValuesOurs = false)
{
    private static readonly HashSet<string> Ignored =
    [
        "throttleTimeMs", "host", "port", "logDir", "totalBytes", "usableBytes", "partitionSize", "lastFetchTimestamp",
        "finalizedFeaturesEpoch",
    ];

    // Words for people: whether there are any is compared.
    private static readonly HashSet<string> Words =
        ["errorMessage", "batchIndexErrorMessage", "statusDetail", "documentation"];

    /// <summary>The first difference of the last comparison that failed.</summary>
    public string Difference { get; private set; } = "";

    /// <summary>What is known of ids afterwards; null when the answers differ.</summary>
    public Identities? Compare(JsonNode? recorded, JsonNode? ours, Identities ids) =>
        Compare("", "answer", recorded, ours, ids);

    private Identities? Compare(string name, string path, JsonNode? recorded, JsonNode? ours, Identities ids)
    {
        Identities? result = (recorded, ours) switch
        {
            _ when Ignored.Contains(name) => ids,
            _ when areValuesOurs && name is "value" or "configSource" or "synonyms" => ids,
            (null, null) => ids,
            (null, _) or (_, null) => null,
            _ when Words.Contains(name) => ids,
            (JsonObject a, JsonObject b) => CompareObjects(path, a, b, ids),
            (JsonArray a, JsonArray b) => CompareLists(path, a, b, ids),
            (JsonValue a, JsonValue b) => CompareValues(name, a, b, ids),
            _ => null,
        };
        if (result is null && Difference.Length == 0)
        {
            Difference = $"{path}: {Short(recorded)} was recorded, here it is {Short(ours)}";
        }

        return result;
    }

    private Identities? CompareObjects(string path, JsonObject recorded, JsonObject ours, Identities ids)
    {
        Identities? known = ids;
        foreach (string name in recorded.Select(field => field.Key).Union(ours.Select(field => field.Key)))
        {
            known = Compare(name, $"{path}.{name}", recorded[name], ours[name], known);
            if (known is null)
            {
                return null;
            }
        }

        return known;
    }

    /// <summary>In any order: each recorded element takes the first of ours that is like it.</summary>
    private Identities? CompareLists(string path, JsonArray recorded, JsonArray ours, Identities ids)
    {
        List<JsonNode?> left = [.. ours];
        if (recorded.Count != left.Count)
        {
            return null;
        }

        Identities known = ids;
        foreach (JsonNode? item in recorded)
        {
            string before = Difference;
            Identities? with = null;
            int at = left.FindIndex(other => (with = Compare("", $"{path}[]", item, other, known)) is not null);
            if (with is null)
            {
                return null;
            }

            Difference = before;
            left.RemoveAt(at);
            known = with;
        }

        return known;
    }

    private Identities? CompareValues(string name, JsonValue recorded, JsonValue ours, Identities ids)
    {
        string a = recorded.ToJsonString();
        string b = ours.ToJsonString();
        if (recorded.TryGetValue(out long number) && ours.TryGetValue(out long our))
        {
            return name switch
            {
                "producerId" when number >= 0 && our >= 0 => ids.With(Identities.Producer, number, our),
                "sessionId" when number != 0 && our != 0 => ids.With(Identities.Session, number, our),
                "subscriptionId" => ids.With(Identities.Subscription, number, our),
                _ => number == our || time.AreSame(number, our) ? ids : null,
            };
        }

        if (!recorded.TryGetValue(out string? text) || !ours.TryGetValue(out string? other))
        {
            return a == b ? ids : null;
        }

        return name switch
        {
            "memberId" or "leader" when text.Length > 0 && other.Length > 0 =>
                ids.With(Identities.Member, text, other),
            "records" => AreSameRecords(text, other, ids) ? ids : null,
            _ when name.EndsWith("Id", StringComparison.Ordinal) && Uuid.TryParse(text, out Uuid id)
                && Uuid.TryParse(other, out Uuid otherId) && !id.IsZero && !otherId.IsZero =>
                ids.With(Identities.Uuid, id, otherId),
            _ => a == b ? ids : null,
        };
    }

    private bool AreSameRecords(string recorded, string ours, Identities ids) => RecordSets.AreSame(
        Convert.FromBase64String(recorded), Convert.FromBase64String(ours), ids, time);

    private static string Short(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "absent";
        return text.Length > 300 ? text[..300] + "..." : text;
    }
}
