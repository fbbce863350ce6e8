using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>The export to a collector: one that takes what comes over HTTP.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task A_collector_gets_the_metrics_at_the_latest_when_the_node_stops()
    {
        using HttpListener collector = new();
        string address = $"http://127.0.0.1:{FreePort()}";
        collector.Prefixes.Add(address + "/");
        collector.Start();
        Task<byte[]> received = TakeAsync(collector);
        await using (await TestServer.StartAsync(("kraftsharp.otlp.endpoint", $"{address}/v1/metrics")))
        {
        }

        byte[] export = await received.WaitAsync(TimeSpan.FromSeconds(20));
        string names = Encoding.Latin1.GetString(export);
        foreach (string name in new[]
        {
            "kafka_controller_kafkacontroller_activecontrollercount", "kafka_server_raftmetrics_high_watermark",
            "kafka_network_requestmetrics_requests_total", "service.instance.id", "kraftsharp",
        })
        {
            Assert.Contains(name, names, StringComparison.Ordinal);
        }
    }

    private static async Task<byte[]> TakeAsync(HttpListener collector)
    {
        HttpListenerContext context = await collector.GetContextAsync();
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        Assert.Equal("/v1/metrics", context.Request.Url!.AbsolutePath);
        using MemoryStream body = new();
        await context.Request.InputStream.CopyToAsync(body);
        context.Response.StatusCode = 200;
        context.Response.Close();
        return body.ToArray();
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
