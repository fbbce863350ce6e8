using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Health;

/// <summary>Is the process well, does it serve, is the cluster well, may a node be stopped?</summary>
internal sealed class HealthRoutes(AdminServices services)
{
    private const string OwnInvariants = "/v1/node/invariants";

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/healthz", AdminRole.None, "Answers while the process is well.",
            _ => new(AdminReply.Ok(HealthAnswer.Of([]), AdminJson.Default.HealthAnswer)))
        { Answer = AdminJson.Default.HealthAnswer },
        new("GET", "/readyz", AdminRole.None,
            "200 when this node serves: it knows the quorum's leader, has read the metadata, is not fenced, and its "
            + "coordinators are loaded; else 503 with the reasons.", Ready)
        { Answer = AdminJson.Default.HealthAnswer },
        new("GET", "/v1/health", AdminRole.Reader, "How the cluster is, with reasons.",
            _ => new(AdminReply.Ok(
                HealthAnswer.Of(ClusterHealth.Reasons(services.Node, services.Effective)),
                AdminJson.Default.HealthAnswer)))
        { Answer = AdminJson.Default.HealthAnswer },
        new("GET", "/v1/invariants", AdminRole.Reader,
            "What must hold at any moment, checked now on every node; violations are named.",
            async _ => AdminReply.Ok<IReadOnlyList<NodeInvariants>>(
                await services.Peers.AskAllAsync(
                    OwnInvariants, () => InvariantChecks.Of(services.Node), AdminJson.Default.NodeInvariants),
                AdminJson.Default.IReadOnlyListNodeInvariants))
        { Answer = AdminJson.Default.IReadOnlyListNodeInvariants },
        new("GET", OwnInvariants, AdminRole.Reader, "The same on this node.", _ => new(AdminReply.Ok(
            InvariantChecks.Of(services.Node), AdminJson.Default.NodeInvariants)))
        { Answer = AdminJson.Default.NodeInvariants },
        new("GET", "/v1/brokers/{broker_id}/safe-to-restart", AdminRole.Reader,
            "Whether everything would still be served while this broker is away; Red names what would not.", Safe)
        { Answer = AdminJson.Default.HealthAnswer },
    ];

    private ValueTask<AdminReply> Ready(AdminCall call)
    {
        List<HealthReason> reasons = [];
        if (services.Node.Quorum.Leader.LeaderId is null)
        {
            reasons.Add(new HealthReason(HealthStatus.Red, "no-controller", "No leader of the quorum is known", []));
        }

        MetadataImage image = services.Image;
        if (image.Provenance.EndOffset == 0)
        {
            reasons.Add(new HealthReason(HealthStatus.Red, "behind", "The metadata has not been read yet", []));
        }
        else if (services.Node.Replicas is not null
            && image.Cluster.Broker(services.Node.Config.NodeId) is not { IsFenced: false })
        {
            reasons.Add(new HealthReason(HealthStatus.Red, "fenced", "This broker is fenced or not registered", []));
        }

        if (services.Node.IsLoadingCoordinators)
        {
            reasons.Add(new HealthReason(HealthStatus.Red, "loading", "Coordinators are being loaded", []));
        }

        return new(AdminReply.Of(
            reasons.Count == 0 ? 200 : 503, HealthAnswer.Of(reasons), AdminJson.Default.HealthAnswer));
    }

    private ValueTask<AdminReply> Safe(AdminCall call)
    {
        int broker = V3.ClusterRoutes.Broker(call, services.Image).Id;
        return new(AdminReply.Ok(
            HealthAnswer.Of(ClusterHealth.AgainstRestart(services.Node, services.Effective, broker)),
            AdminJson.Default.HealthAnswer));
    }
}
