using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Groups of @platformatic/kafka, of both protocols.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class PlatformaticGroupTests(ThreeNodes cluster)
{
    [PlatformaticTheory]
    [InlineData("classic", false)]
    [InlineData("consumer", true)]
    public Task Platformatic_OneGoesOneJoins_EverythingIsProcessed(string protocol, bool kills) => new GroupScenario(
        cluster, $"members-platformatic-{protocol}", (topic, group) => new MemberProcess(
            "node",
            [
                Repository.PathOf("tests", "Interop", "Members", "platformatic-member.mjs"), cluster.Bootstrap, topic,
                group, protocol,
            ],
            new Dictionary<string, string>
            {
                ["NODE_PATH"] = Path.Combine(Installed.PlatformaticFolder, "node_modules"),
            })).RunAsync(kills);
}
