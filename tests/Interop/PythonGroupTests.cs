using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>A group of confluent-kafka for Python (librdkafka).</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class PythonGroupTests(ThreeNodes cluster)
{
    [PythonFact]
    public Task Python_OneLeavesOneJoins_EverythingIsProcessed() => new GroupScenario(
        cluster, "members-python", (topic, group) => new MemberProcess(
            Installed.PythonProgram,
            [Repository.PathOf("tests", "Interop", "Members", "confluent_member.py"), cluster.Bootstrap, topic, group],
            new Dictionary<string, string>())).RunAsync(kills: false);
}
