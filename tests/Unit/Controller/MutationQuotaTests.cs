using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>controller_mutation_rate (KIP-599).</summary>
public sealed class MutationQuotaTests
{
    [Fact]
    public async Task Topics_BeyondTheQuota_AreRefusedUntilTheDebtIsPaid()
    {
        ControllerBench bench = await WithRateAsync(2);

        // A burst of eleven seconds, and a request may go into debt.
        CreateTopicsResponse first = await CreateAsync(bench, 7, ("a", 20), ("b", 4), ("c", 1));
        Assert.Equal([ErrorCode.None, ErrorCode.None, ErrorCode.ThrottlingQuotaExceeded], Codes(first));
        Assert.Equal(1000, first.ThrottleTimeMs);

        CreateTopicsResponse still = await CreateAsync(bench, 7, ("c", 1));
        Assert.Equal([ErrorCode.ThrottlingQuotaExceeded], Codes(still));
        bench.Time.Advance(1000);
        Assert.Equal([ErrorCode.None], Codes(await CreateAsync(bench, 7, ("c", 1))));
    }

    [Fact]
    public async Task Topics_OfAnOldClient_AreMadeAndItHasToWait()
    {
        ControllerBench bench = await WithRateAsync(1);

        CreateTopicsResponse answer = await CreateAsync(bench, 5, ("a", 11), ("b", 2), ("c", 1));

        Assert.Equal([ErrorCode.None, ErrorCode.None, ErrorCode.None], Codes(answer));
        Assert.Equal(3000, answer.ThrottleTimeMs);
    }

    [Fact]
    public async Task DeletedAndAddedPartitions_CountToo()
    {
        ControllerBench bench = await WithRateAsync(1);
        await CreateAsync(bench, 7, ("a", 5), ("b", 1));
        CreatePartitionsResponse grown = (CreatePartitionsResponse)await bench.Send(
            new CreatePartitionsRequest
            {
                TimeoutMs = 1000,
                Topics = [new() { Name = "b", Count = 8, Assignments = null }],
            }, 3);
        Assert.Equal(ErrorCode.None, grown.Results[0].ErrorCode);
        Assert.Equal(2000, grown.ThrottleTimeMs);

        DeleteTopicsRequest deletion = new() { TimeoutMs = 1000, Topics = [new() { Name = "a" }] };
        DeleteTopicsResponse refused = (DeleteTopicsResponse)await bench.Send(deletion, 6);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, refused.Responses[0].ErrorCode);
        bench.Time.Advance(2000);
        DeleteTopicsResponse deleted = (DeleteTopicsResponse)await bench.Send(deletion, 6);
        Assert.Equal((ErrorCode.None, 5000), (deleted.Responses[0].ErrorCode, deleted.ThrottleTimeMs));
    }

    [Fact]
    public async Task WithoutAQuota_NobodyWaits()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        CreateTopicsResponse answer = await CreateAsync(bench, 7, ("a", 1000), ("b", 1000));
        Assert.Equal([ErrorCode.None, ErrorCode.None], Codes(answer));
        Assert.Equal(0, answer.ThrottleTimeMs);
    }

    private static async Task<ControllerBench> WithRateAsync(double rate)
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        await bench.Send(new AlterClientQuotasRequest
        {
            Entries =
            [
                new()
                {
                    Entity = [new() { EntityType = "user", EntityName = null }],
                    Ops = [new() { Key = "controller_mutation_rate", Value = rate }],
                },
            ],
        }, 1);
        return bench;
    }

    private static ErrorCode[] Codes(CreateTopicsResponse response) =>
        [.. response.Topics.Select(topic => topic.ErrorCode)];

    private static async Task<CreateTopicsResponse> CreateAsync(
        ControllerBench bench, short version, params (string Name, int Partitions)[] topics) =>
        (CreateTopicsResponse)await bench.Send(
            new CreateTopicsRequest
            {
                TimeoutMs = 1000,
                Topics =
                [
                    .. topics.Select(topic => new CreateTopicsRequest.CreatableTopic
                    {
                        Name = topic.Name,
                        NumPartitions = topic.Partitions,
                        ReplicationFactor = 1,
                    }),
                ],
            }, version);
}
