using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>A group of KafkaJS.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class KafkaJsGroupTests(ThreeNodes cluster)
{
    [KafkaJsFact]
    public Task KafkaJs_OneIsKilledOneJoins_EverythingIsProcessed() => new GroupScenario(
        cluster, "members-kafkajs", (topic, group) => new MemberProcess(
            "node",
            [Repository.PathOf("tests", "Interop", "Members", "kafkajs-member.js"), cluster.Bootstrap, topic, group],
            new Dictionary<string, string>
            {
                ["NODE_PATH"] = Path.Combine(Installed.KafkaJsFolder, "node_modules"),
                ["KAFKAJS_NO_PARTITIONER_WARNING"] = "1",
            })).RunAsync(kills: true);
}
