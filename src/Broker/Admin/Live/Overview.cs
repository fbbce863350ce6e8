using KRaftSharp.Broker.Admin.Health;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.V1;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Live;

/// <summary>The whole cluster on one page: what the console draws first and then once a second.</summary>
internal sealed class Overview(AdminServices services)
{
    public async Task<OverviewData> TakeAsync(IReadOnlyList<NodeSample> samples)
    {
        MetadataImage image = services.Image;
        PartitionCensus census = PartitionCensus.Of(image, services.Effective);
        QuorumData? quorum = null;
        try
        {
            quorum = await QuorumRoutes.DescribeAsync(services.Kafka);
        }
        catch (AdminProblem)
        {
            // Between two leaders there is none to ask.
        }

        Dictionary<int, (int Leads, int Keeps)> loads = Loads(image);
        List<BrokerState> brokers = [];
        foreach (BrokerRegistration broker in image.Cluster.Brokers.Values)
        {
            (int leads, int keeps) = loads.GetValueOrDefault(broker.Id);
            ListenerEndpoint? endpoint = broker.Listeners.GetValueOrDefault(services.InterBrokerListener);
            brokers.Add(new BrokerState(
                broker.Id, broker.Rack, endpoint?.Host, endpoint?.Port,
                broker.IsFenced ? "fenced" : broker.InControlledShutdown ? "stopping" : "alive", broker.Epoch, leads,
                keeps, broker.IsFenced ? null : await services.Peers.AddressOfAsync(broker.Id)));
        }

        return new OverviewData(
            services.ClusterId, services.Node.Config.NodeId, services.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            image.Provenance.EndOffset, services.Node.Quorum.Leader.LeaderId, services.Node.Quorum.Leader.Epoch, quorum,
            brokers,
            new CensusData(
                census.Topics, census.Partitions, census.Offline.Count, census.UnderReplicated.Count,
                census.UnderMinIsr.Count, census.NotPreferred, census.Reassigning),
            HealthAnswer.Of(ClusterHealth.Reasons(services.Node, services.Effective)), samples);
    }

    private static Dictionary<int, (int Leads, int Keeps)> Loads(MetadataImage image)
    {
        Dictionary<int, (int Leads, int Keeps)> loads = [];
        foreach (PartitionRegistration partition in
            image.Topics.ById.Values.SelectMany(topic => topic.Partitions.Values))
        {
            foreach (int id in partition.Replicas)
            {
                (int leads, int keeps) = loads.GetValueOrDefault(id);
                loads[id] = (leads + (partition.Leader == id ? 1 : 0), keeps + 1);
            }
        }

        return loads;
    }
}

/// <param name="MetadataOffset">Up to where the answering node has applied the metadata log.</param>
/// <param name="Quorum">Null while no leader can be asked.</param>
internal sealed record OverviewData(
    string ClusterId, int Node, long TimeMs, long MetadataOffset, int? Controller, int Epoch, QuorumData? Quorum,
    IReadOnlyList<BrokerState> Brokers, CensusData Partitions, HealthAnswer Health, IReadOnlyList<NodeSample> Nodes);

/// <param name="State">alive, stopping or fenced.</param>
internal sealed record BrokerState(
    int Id, string? Rack, string? Host, int? Port, string State, long Epoch, int Leads, int Keeps, string? Admin);

internal sealed record CensusData(
    int Topics, int Partitions, int Offline, int UnderReplicated, int UnderMinIsr, int NotPreferred, int Reassigning);
