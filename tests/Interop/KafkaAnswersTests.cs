using System.Collections.Concurrent;
using System.Net;
using KRaftSharp.Tests.Interop.Answers;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Requests of all APIs are answered as Apache Kafka 4.4 answered them.</summary>
public sealed class KafkaAnswersTests(OneNode node) : IClassFixture<OneNode>
{
    private const int CasesAtATime = 32;

    /// <summary>Conversations that record.py took down.</summary>
    private static readonly IReadOnlyList<RecordedCase> Recorded =
        RecordedCase.ReadAll(Repository.PathOf("tests", "Interop", "Answers", "kafka-4.4.0.gz"));

    [Fact]
    public async Task Recorded_EveryAnswer_IsKafkas()
    {
        ConcurrentBag<string> differences = [];
        IPEndPoint broker = IPEndPoint.Parse(node.AddressOf(1));
        Identities ids = await ReplayStart.WaitAsync(broker);

        await Parallel.ForEachAsync(
            Recorded,
            new ParallelOptions { MaxDegreeOfParallelism = CasesAtATime },
            async (recorded, _) =>
            {
                using CaseReplay replay = new(recorded, broker, ids);
                if (await replay.RunAsync() is { } difference)
                {
                    differences.Add(difference);
                }
            });

        Assert.NotEmpty(Recorded);
        Assert.True(differences.IsEmpty, string.Join('\n', differences.Order()));
    }
}
