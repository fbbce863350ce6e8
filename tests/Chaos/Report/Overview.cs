using System.Text.Json;

namespace KRaftSharp.Chaos.Report;

/// <summary>What /v1/overview tells, as far as it is needed.</summary>
internal sealed record Overview(int? Controller, int Epoch, int Alive, int UnderReplicated, int Offline)
{
    /// <summary>How many partitions each broker leads.</summary>
    public required IReadOnlyDictionary<int, int> Leads { get; init; }

    public static Overview Of(JsonElement root)
    {
        Dictionary<int, int> leads = [];
        int alive = 0;
        foreach (JsonElement broker in root.GetProperty("brokers").EnumerateArray())
        {
            leads[broker.GetProperty("id").GetInt32()] = broker.GetProperty("leads").GetInt32();
            alive += broker.GetProperty("state").GetString() == "alive" ? 1 : 0;
        }

        JsonElement partitions = root.GetProperty("partitions");
        JsonElement controller = root.GetProperty("controller");
        return new Overview(
            controller.ValueKind == JsonValueKind.Number ? controller.GetInt32() : null,
            root.GetProperty("epoch").GetInt32(),
            alive,
            partitions.GetProperty("under_replicated").GetInt32(),
            partitions.GetProperty("offline").GetInt32())
        {
            Leads = leads,
        };
    }
}
