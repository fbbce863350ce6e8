using KRaftSharp.Broker.Admin.Health;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>Takes a live broker out of service and back: it goes on replicating, but leads nothing and is in no ISR.
/// </summary>
/// <remarks>Only the broker itself can ask the controller for it (BrokerHeartbeat), so that its own endpoint does it.
/// </remarks>
internal sealed class FenceRoutes(AdminServices services)
{
    private const string One = "/v1/brokers/{broker_id}";

    private static readonly AdminQuery Force =
        new("force", "boolean", "Do it though something would not be served any more.");

    public IEnumerable<AdminRoute> Routes =>
    [
        new("POST", One + ":fence", AdminRole.Admin,
            "Fences a live broker until it is unfenced or restarted: its leaders move, its replicas stay up to date. "
            + "Refused where something would not be served any more.", FenceAsync)
        { Answer = AdminJson.Default.HealthAnswer, Query = [AdminQuery.DryRun, Force] },
        new("POST", One + ":unfence", AdminRole.Admin, "Lets a broker serve again that was fenced by request.",
            UnfenceAsync)
        { Answer = AdminJson.Default.HealthAnswer, Query = [AdminQuery.DryRun] },
    ];

    private async ValueTask<AdminReply> FenceAsync(AdminCall call)
    {
        BrokerRegistration broker = V3.ClusterRoutes.Broker(call, services.Image);
        HealthAnswer risk = HealthAnswer.Of(
            ClusterHealth.AgainstRestart(services.Node, services.Effective, broker.Id)
                .Where(reason => reason.Code != ClusterHealth.QuorumReason).ToList());
        bool isForced = call.Flag("force");
        if (risk.Status == HealthStatus.Red && !isForced && !call.IsDryRun)
        {
            throw new AdminProblem(409, 40901, $"{risk.Reasons[0].Message}; force=true does it all the same");
        }

        if (!call.IsDryRun && broker.Id != services.Node.Config.NodeId)
        {
            return Reply(await services.Peers.PostAsync(
                broker.Id, $"/v1/brokers/{broker.Id}:fence?force=true", AdminJson.Default.HealthAnswer));
        }

        if (!call.IsDryRun)
        {
            services.Node.Hold(true);
            await services.WaitForAsync(image =>
                image.Cluster.Broker(broker.Id) is { IsFenced: true } done ? done : null);
        }

        return Reply(risk);
    }

    private async ValueTask<AdminReply> UnfenceAsync(AdminCall call)
    {
        BrokerRegistration broker = V3.ClusterRoutes.Broker(call, services.Image);
        if (broker.Id != services.Node.Config.NodeId)
        {
            string query = call.IsDryRun ? "?dry_run=true" : "";
            return Reply(await services.Peers.PostAsync(
                broker.Id, $"/v1/brokers/{broker.Id}:unfence{query}", AdminJson.Default.HealthAnswer));
        }

        if (!services.Node.IsHeld)
        {
            throw new AdminProblem(409, 40901, $"Broker {broker.Id} is not fenced by request");
        }

        if (!call.IsDryRun)
        {
            services.Node.Hold(false);
            await services.WaitForAsync(image =>
                image.Cluster.Broker(broker.Id) is { IsFenced: false } done ? done : null);
        }

        return Reply(HealthAnswer.Of([]));
    }

    private static AdminReply Reply(HealthAnswer answer) => AdminReply.Ok(answer, AdminJson.Default.HealthAnswer);
}
