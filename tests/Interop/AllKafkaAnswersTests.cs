using KRaftSharp.Tests.Interop.Answers;
using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>All that Apache Kafka 4.4 was asked for the differential tester, on a node that nobody else has asked: some
/// cases name clients that a broker remembers.</summary>
public sealed class AllKafkaAnswersTests(OneNode node) : IClassFixture<OneNode>
{
    [PeersFact]
    public async Task DifferentialTester_EveryCase_AgreesWithKafka()
    {
        IReadOnlyList<string> differences = await DifferentialTester.CompareAsync(node);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
