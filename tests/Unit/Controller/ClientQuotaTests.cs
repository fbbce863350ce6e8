using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>KIP-546: quotas as they are stored.</summary>
public sealed class ClientQuotaTests
{
    private readonly ControllerBench _bench = ControllerBench.WithBrokers(1);

    [Theory]
    [InlineData("user", "a", "producer_byte_rate", 1000, ErrorCode.None)]
    [InlineData("user", null, "request_percentage", 1.5, ErrorCode.None)]
    [InlineData("ip", "10.1.2.3", "connection_creation_rate", 5, ErrorCode.None)]
    [InlineData("user", "a", "producer_byte_rate", 1.5, ErrorCode.InvalidRequest)]
    [InlineData("user", "a", "producer_byte_rate", 0, ErrorCode.InvalidRequest)]
    [InlineData("user", "a", "producer_byte_rate", double.NaN, ErrorCode.InvalidRequest)]
    [InlineData("user", "a", "connection_creation_rate", 5, ErrorCode.InvalidRequest)]
    [InlineData("user", "", "producer_byte_rate", 5, ErrorCode.InvalidRequest)]
    [InlineData("ip", "10.1.2.3", "producer_byte_rate", 5, ErrorCode.InvalidRequest)]
    [InlineData("ip", "10.1.2.3", "connection_creation_rate", 1e10, ErrorCode.InvalidRequest)]
    [InlineData("ip", "nowhere at all", "connection_creation_rate", 5, ErrorCode.InvalidRequest)]
    [InlineData("planet", "a", "producer_byte_rate", 5, ErrorCode.InvalidRequest)]
    public void Alter_StoresWhatIsSound(string type, string? name, string key, double value, ErrorCode expected)
    {
        AlterClientQuotasResponse answer = Alter(Entry(type, name, (key, value)));
        Assert.Equal(expected, Assert.Single(answer.Entries).ErrorCode);
        Assert.Equal(expected == ErrorCode.None ? 1 : 0, _bench.Image.ClientQuotas.Quotas.Count);
    }

    [Fact]
    public void Alter_TheSameAgain_WritesNothing_AndRemovesWhatIsThere()
    {
        Alter(Entry("user", "a", ("producer_byte_rate", 10)));
        long end = _bench.Quorum.LogEndOffset;
        Alter(Entry("user", "a", ("producer_byte_rate", 10)));
        Alter(Entry("user", "a", ("consumer_byte_rate", null)));
        Assert.Equal(end, _bench.Quorum.LogEndOffset);
        Alter(Entry("user", "a", ("producer_byte_rate", null)));
        Assert.Empty(_bench.Image.ClientQuotas.Quotas);
    }

    [Fact]
    public void Alter_EntityTwiceOrKeyTwice_IsRefused()
    {
        AlterClientQuotasResponse entities = Alter(
            Entry("user", "a", ("producer_byte_rate", 10)), Entry("user", "a", ("consumer_byte_rate", 10)));
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Single(entities.Entries).ErrorCode);
        AlterClientQuotasResponse keys = Alter(
            Entry("user", "b", ("producer_byte_rate", 10), ("producer_byte_rate", 20)));
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Single(keys.Entries).ErrorCode);
        Assert.DoesNotContain(_bench.Image.ClientQuotas.Quotas.Keys, key => key.Entity[0].Value == "b");
    }

    private AlterClientQuotasResponse Alter(params AlterClientQuotasRequest.EntryData[] entries) =>
        _bench.Ask<AlterClientQuotasResponse>(new AlterClientQuotasRequest { Entries = [.. entries] }, 1);

    private static AlterClientQuotasRequest.EntryData Entry(
        string type, string? name, params (string Key, double? Value)[] changes) => new()
        {
            Entity = [new() { EntityType = type, EntityName = name }],
            Ops =
            [
                .. changes.Select(change => new AlterClientQuotasRequest.OpData
                {
                    Key = change.Key,
                    Value = change.Value ?? 0,
                    Remove = change.Value is null,
                }),
            ],
        };
}
