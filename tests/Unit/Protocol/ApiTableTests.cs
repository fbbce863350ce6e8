using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Protocol;

public sealed class ApiTableTests
{
    [Fact]
    public void All_HoldsEveryKeyWithAValidVersion()
    {
        ApiKey[] gone = [ApiKey.LeaderAndIsr, ApiKey.StopReplica, ApiKey.UpdateMetadata, ApiKey.ControlledShutdown];

        Assert.Equal(Enum.GetValues<ApiKey>().Except(gone), ApiTable.All.Select(api => api.Key));
        Assert.All(gone, key => Assert.Null(ApiTable.Get(key)));
        Assert.Null(ApiTable.Get((ApiKey)(-1)));
        Assert.Null(ApiTable.Get((ApiKey)short.MaxValue));
    }

    [Fact]
    public void Entry_AgreesWithTheMessages()
    {
        foreach (ApiInfo api in ApiTable.All)
        {
            IApiMessage request = MessageFactory.NewRequest(api.Key)!;
            IApiMessage response = MessageFactory.NewResponse(api.Key)!;
            Assert.Equal((api.Key, true), (request.Key, request.IsRequest));
            Assert.Equal((api.Key, false), (response.Key, response.IsRequest));
            Assert.Equal((api.LowestVersion, api.LatestUnstable), (request.LowestVersion, request.HighestVersion));
            Assert.Equal((api.LowestVersion, api.LatestUnstable), (response.LowestVersion, response.HighestVersion));
            Assert.NotEqual(ApiListeners.None, api.Listeners);
        }
    }

    [Fact]
    public void Produce_SpeaksVersions3To13OnTheBrokersListener()
    {
        ApiInfo produce = ApiTable.Get(ApiKey.Produce)!;

        Assert.Equal((3, 13, 13), (produce.LowestVersion, produce.HighestVersion, produce.LatestUnstable));
        Assert.Equal(ApiListeners.Broker, produce.Listeners);
        Assert.Equal((1, 2), (produce.RequestHeaderVersion(8), produce.RequestHeaderVersion(9)));
        Assert.Equal((0, 1), (produce.ResponseHeaderVersion(8), produce.ResponseHeaderVersion(9)));
        Assert.False(produce.IsForwardable || produce.IsClusterAction);
    }

    [Fact]
    public void Traits_AreThoseOfKafka()
    {
        Assert.True(ApiTable.Get(ApiKey.CreateTopics) is { IsForwardable: true, IsClusterAction: false });
        Assert.True(ApiTable.Get(ApiKey.AllocateProducerIds) is { IsForwardable: true, IsClusterAction: true });
        Assert.Equal(ApiListeners.Controller, ApiTable.Get(ApiKey.Vote)!.Listeners);
        Assert.Equal(ApiListeners.Broker | ApiListeners.Controller, ApiTable.Get(ApiKey.Fetch)!.Listeners);
        Assert.Equal(new ApiKey[] { ApiKey.InitProducerId },
            ApiTable.All.Where(api => api.LatestUnstable != api.HighestVersion).Select(api => api.Key));
    }

    [Fact]
    public void ResponseHeaderOfApiVersions_IsAlwaysVersion0() =>
        Assert.All(Enumerable.Range(0, 6), version =>
            Assert.Equal(0, ApiTable.Get(ApiKey.ApiVersions)!.ResponseHeaderVersion((short)version)));
}
