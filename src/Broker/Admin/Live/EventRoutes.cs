using System.Text;
using System.Threading.Channels;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using Microsoft.AspNetCore.Http.Features;

namespace KRaftSharp.Broker.Admin.Live;

/// <summary>The cluster live: as a stream of server-sent events, or once.</summary>
internal sealed class EventRoutes(AdminServices services, EventHub hub)
{
    private const int MaxListeners = 64;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v1/overview", AdminRole.Reader, "The cluster on one page.", async _ =>
            AdminReply.Ok(await hub.TakeAsync(), AdminJson.Default.OverviewData))
        { Answer = AdminJson.Default.OverviewData },
        new("GET", "/v1/node", AdminRole.Reader, "What this node has done since it was last asked.", _ =>
            new(AdminReply.Ok(services.Sample(), AdminJson.Default.NodeSample)))
        { Answer = AdminJson.Default.NodeSample },
        new("GET", "/v1/events", AdminRole.Reader,
            "Server-sent events: sample (the overview, once a second), metadata (records as they are committed), "
            + "leader (the quorum's leader or epoch changed).", StreamAsync)
        { Media = "text/event-stream" },
    ];

    private async ValueTask<AdminReply> StreamAsync(AdminCall call)
    {
        if (hub.ListenerCount >= MaxListeners)
        {
            throw new AdminProblem(503, 50302, $"{MaxListeners} listeners are connected already");
        }

        call.Http.Response.ContentType = "text/event-stream";
        call.Http.Response.Headers.CacheControl = "no-store";
        call.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Channel<ServerEvent> events = hub.Join();
        try
        {
            await call.Http.Response.Body.WriteAsync("retry: 1000\n\n"u8.ToArray(), call.Aborted);
            while (await WaitAsync(call, events.Reader))
            {
                while (events.Reader.TryRead(out ServerEvent next))
                {
                    await call.Http.Response.Body.WriteAsync(
                        Encoding.UTF8.GetBytes($"event: {next.Name}\ndata: {next.Data}\n\n"), call.Aborted);
                }

                await call.Http.Response.Body.FlushAsync(call.Aborted);
            }
        }
        finally
        {
            hub.Leave(events);
        }

        return AdminReply.Written;
    }

    /// <summary>False at the end. A quiet stream says something now and then, so that the other side knows it lives.
    /// </summary>
    private async Task<bool> WaitAsync(AdminCall call, ChannelReader<ServerEvent> events)
    {
        Task<bool> waiting = events.WaitToReadAsync(call.Aborted).AsTask();
        while (await Task.WhenAny(waiting, Task.Delay(KeepAlive, services.Time, call.Aborted)) != waiting)
        {
            call.Aborted.ThrowIfCancellationRequested();
            await call.Http.Response.Body.WriteAsync(": alive\n\n"u8.ToArray(), call.Aborted);
            await call.Http.Response.Body.FlushAsync(call.Aborted);
        }

        return await waiting;
    }
}
