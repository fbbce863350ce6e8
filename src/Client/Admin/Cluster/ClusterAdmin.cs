using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Brokers, what they speak, and the cluster's features.</summary>
public sealed class ClusterAdmin
{
    private readonly AdminCalls _calls;

    internal ClusterAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>The cluster's id and its brokers.</summary>
    /// <param name="includeFenced">Those too that are known but down (KIP-1073); an older broker leaves them
    /// out.</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    public async Task<ClusterDescription> DescribeAsync(
        bool includeFenced = false, CancellationToken cancellation = default)
    {
        try
        {
            return await DescribeOnceAsync(new DescribeClusterRequest { IncludeFencedBrokers = includeFenced });
        }
        catch (KafkaException error) when (includeFenced && error.Code == ErrorCode.UnsupportedVersion)
        {
            return await DescribeOnceAsync(new DescribeClusterRequest());
        }

        Task<ClusterDescription> DescribeOnceAsync(DescribeClusterRequest request) =>
            _calls.AnyAsync<DescribeClusterResponse, ClusterDescription>(
                request,
                answer => Outcome.Of(answer.ErrorCode, answer.ErrorMessage, new ClusterDescription(
                    answer.ClusterId, answer.ControllerId,
                    [.. answer.Brokers.OrderBy(broker => broker.BrokerId).Select(
                        broker => new BrokerNode(broker.BrokerId, broker.Host, broker.Port, broker.Rack))])
                {
                    Fenced = [.. answer.Brokers.Where(broker => broker.IsFenced).Select(broker => broker.BrokerId)],
                }),
                cancellation);
    }

    /// <summary>What some broker speaks.</summary>
    public Task<IReadOnlyList<ApiRange>> DescribeApisAsync(CancellationToken cancellation = default) =>
        _calls.AnyAsync<ApiVersionsResponse, IReadOnlyList<ApiRange>>(ApiVersions(), Apis, cancellation);

    /// <summary>What one broker speaks.</summary>
    public Task<IReadOnlyList<ApiRange>> DescribeApisAsync(int brokerId, CancellationToken cancellation = default) =>
        _calls.BrokerAsync<ApiVersionsResponse, IReadOnlyList<ApiRange>>(brokerId, ApiVersions(), Apis, cancellation);

    /// <summary>The features that the cluster has agreed on, and what the broker that answers supports
    /// (KIP-584).</summary>
    public Task<FeatureDescription> DescribeFeaturesAsync(CancellationToken cancellation = default) =>
        _calls.AnyAsync<ApiVersionsResponse, FeatureDescription>(
            ApiVersions(),
            answer => Outcome.Of(answer.ErrorCode, null, new FeatureDescription(
                answer.FinalizedFeaturesEpoch,
                answer.FinalizedFeatures.ToDictionary(feature => feature.Name, feature => feature.MaxVersionLevel),
                answer.SupportedFeatures.ToDictionary(
                    feature => feature.Name,
                    feature => new FeatureRange(feature.MinVersion, feature.MaxVersion)))),
            cancellation);

    /// <summary>Changes the levels of features, all or none of them (KIP-584, KIP-1022).</summary>
    /// <exception cref="KafkaException">The controller refuses one of them.</exception>
    public async Task UpdateFeaturesAsync(
        IEnumerable<FeatureUpdate> updates, bool validateOnly = false, CancellationToken cancellation = default) =>
        await _calls.AnyAsync<UpdateFeaturesResponse, bool>(
            new UpdateFeaturesRequest
            {
                TimeoutMs = _calls.TimeoutMs,
                ValidateOnly = validateOnly,
                FeatureUpdates = [.. updates.Select(update => new UpdateFeaturesRequest.FeatureUpdateKey
                {
                    Feature = update.Feature,
                    MaxVersionLevel = update.Level,
                    UpgradeType = (sbyte)update.Type,
                })],
            },
            answer => answer.Results.Find(result => result.ErrorCode != ErrorCode.None) is { } failed
                ? Items.Done(failed.ErrorCode, failed.ErrorMessage)
                : Items.Done(answer.ErrorCode, answer.ErrorMessage),
            cancellation);

    /// <summary>Forgets a broker that is gone for good.</summary>
    /// <exception cref="KafkaException">It is unknown.</exception>
    public async Task UnregisterBrokerAsync(int id, CancellationToken cancellation = default) =>
        await _calls.AnyAsync<UnregisterBrokerResponse, bool>(
            new UnregisterBrokerRequest { BrokerId = id },
            answer => Items.Done(answer.ErrorCode, answer.ErrorMessage), cancellation);

    /// <summary>Forgets a controller that is gone for good.</summary>
    /// <exception cref="KafkaException">It is unknown, or a voter.</exception>
    public async Task UnregisterControllerAsync(int id, CancellationToken cancellation = default) =>
        await _calls.AnyAsync<UnregisterControllerResponse, bool>(
            new UnregisterControllerRequest { ControllerId = id },
            answer => Items.Done(answer.ErrorCode, answer.ErrorMessage), cancellation);

    private static ApiVersionsRequest ApiVersions() => new()
    {
        ClientSoftwareName = "kraftsharp",
        ClientSoftwareVersion = typeof(ClusterAdmin).Assembly.GetName().Version?.ToString(3) ?? "0",
    };

    private static Outcome<IReadOnlyList<ApiRange>> Apis(ApiVersionsResponse answer) =>
        Outcome.Of<IReadOnlyList<ApiRange>>(
            answer.ErrorCode, null,
            [.. answer.ApiKeys.OrderBy(api => api.ApiKey).Select(
                api => new ApiRange((ApiKey)api.ApiKey, api.MinVersion, api.MaxVersion))]);
}
