using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Groups of Kafka's Java client, of both protocols, and of both at once.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class JavaGroupTests(ThreeNodes cluster)
{
    [JavaTheory]
    [InlineData("classic")]
    [InlineData("consumer")]
    public Task Java_OneLeavesOneJoins_EverythingIsProcessed(string protocol) =>
        new GroupScenario(cluster, $"members-java-{protocol}", Members(protocol)).RunAsync(kills: false);

    [JavaTheory]
    [InlineData("classic", "consumer")]
    [InlineData("consumer", "classic")]
    public Task Java_WhoJoinsSpeaksTheOtherProtocol_EverythingIsProcessed(string first, string last)
    {
        int started = 0;
        return new GroupScenario(
            cluster, $"members-java-{first}-{last}",
            (topic, group) => Members(started++ < 3 ? first : last)(topic, group)).RunAsync(kills: false);
    }

    private Func<string, string, MemberProcess> Members(string protocol) => (topic, group) => new MemberProcess(
        "java",
        [
            "-cp", Installed.JavaClassPath!, Repository.PathOf("tests", "Interop", "Members", "JavaMember.java"),
            cluster.Bootstrap, topic, group, protocol,
        ],
        new Dictionary<string, string>());
}
