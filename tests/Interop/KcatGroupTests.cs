using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>A group of kcat.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class KcatGroupTests(ThreeNodes cluster)
{
    [KcatFact]
    public Task Kcat_OneIsKilledOneJoins_EverythingIsProcessed() => new GroupScenario(
        cluster, "members-kcat", (topic, group) => new MemberProcess(
            "kcat",
            [
                "-b", cluster.Bootstrap, "-G", group, "-u", "-q", "-X", "auto.offset.reset=earliest", "-X",
                "auto.commit.interval.ms=200", "-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=500",
                "-f", "%p\\t%o\\t%k\\t%s\\n", topic,
            ],
            new Dictionary<string, string>())).RunAsync(kills: true);
}
