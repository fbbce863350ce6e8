using KRaftSharp.Tests.Interop.Answers;
using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>What needs three nodes is answered as Apache Kafka 4.4 answered it with three.</summary>
public sealed class KafkaAnswersOfThreeTests(ThreeDefaultNodes cluster) : IClassFixture<ThreeDefaultNodes>
{
    [PeersFact]
    public async Task DifferentialTester_EveryCase_AgreesWithKafka()
    {
        IReadOnlyList<string> differences = await DifferentialTester.CompareAsync(cluster);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
