using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>The metrics as Prometheus itself reads them.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class PrometheusTests(ThreeNodes cluster)
{
    [PrometheusFact]
    public async Task Promtool_finds_nothing_wrong_with_the_text()
    {
        await cluster.CreateTopicAsync("promtool");
        using HttpClient http = new();
        string text = await http.GetStringAsync(new Uri($"http://{cluster.AdminAddressOf(1)}/metrics"));
        (int code, string complaints) = await CheckAsync(text);
        // Names that dashboards of Kafka know need not be as Prometheus would choose them; the text must be right.
        Assert.NotEqual(1, code);
        Assert.DoesNotContain("error while linting", complaints, StringComparison.Ordinal);
        Assert.All(
            complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("kafka_", line, StringComparison.Ordinal));
    }

    [PrometheusFact]
    public async Task Prometheus_scrapes_three_nodes_and_answers_from_what_it_read()
    {
        string folder = cluster.PathOf("prometheus");
        Directory.CreateDirectory(folder);
        string targets = string.Join(',', Enumerable.Range(1, ThreeNodes.Count)
            .Select(node => $"\"{cluster.AdminAddressOf(node)}\""));
        string config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: kraftsharp
                static_configs:
                  - targets: [{targets}]
            """);
        int port = FreePort();
        using Process prometheus = Process.Start(new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                $"--web.listen-address=127.0.0.1:{port}",
            ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        prometheus.ErrorDataReceived += (_, _) => { };
        prometheus.OutputDataReceived += (_, _) => { };
        prometheus.BeginErrorReadLine();
        prometheus.BeginOutputReadLine();
        try
        {
            using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            Assert.Equal(3, await WaitForAsync(http, "sum(up)", value => value == 3));
            Assert.Equal(1, await WaitForAsync(
                http, "sum(kafka_controller_kafkacontroller_activecontrollercount)", value => value == 1));
            Assert.Equal(3, await WaitForAsync(http, "count(process_cpu_seconds_total)", value => value == 3));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    private static async Task<(int Code, string Complaints)> CheckAsync(string text)
    {
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Task<string> errors = promtool.StandardError.ReadToEndAsync();
        Task<string> output = promtool.StandardOutput.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, await errors + await output);
    }

    private static async Task<double> WaitForAsync(HttpClient http, string query, Func<double, bool> isWanted)
    {
        double last = double.NaN;
        for (int attempt = 0; attempt < 150; attempt++)
        {
            try
            {
                JsonNode answer = JsonNode.Parse(await http.GetStringAsync(
                    new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative)))!;
                if (answer["data"]!["result"]!.AsArray() is [{ } sample, ..])
                {
                    last = double.Parse(
                        (string)sample["value"]![1]!, System.Globalization.CultureInfo.InvariantCulture);
                    if (isWanted(last))
                    {
                        break;
                    }
                }
            }
            catch (HttpRequestException)
            {
                // It is still starting.
            }

            await Task.Delay(100);
        }

        return last;
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
