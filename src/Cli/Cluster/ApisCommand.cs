using System.CommandLine;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Cluster;

/// <summary><c>apis</c>, not shown in the help: the requests a broker answers beside Apache Kafka's, in
/// Markdown.</summary>
/// <remarks>The README holds its output; a test compares them.</remarks>
internal static class ApisCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command command = new("apis", "The requests that a broker answers, as a table in Markdown") { Hidden = true };
        options.AddTo(command);
        command.Run(options, async (context, cancellation) =>
        {
            TextWriter output = context.Configuration.Output;
            await using KafkaAdmin admin = context.Admin();
            Dictionary<ApiKey, ApiRange> served = (await admin.Cluster.DescribeApisAsync(cancellation)).ToDictionary(
                api => api.Key);
            output.WriteLine("| API | key | versions here | versions of Kafka 4.4 |");
            output.WriteLine("|---|---|---|---|");
            List<string> missing = [];
            List<string> notOffered = [];
            foreach (ApiInfo api in ApiTable.All.Where(api => api.Listeners.HasFlag(ApiListeners.Broker)))
            {
                if (served.TryGetValue(api.Key, out ApiRange range))
                {
                    output.WriteLine($"| {api.Name} | {(short)api.Key} | {Range(range.Lowest, range.Highest)} "
                        + $"| {Range(api.LowestVersion, api.HighestVersion)} |");
                }
                else if (api.Key is ApiKey.GetTelemetrySubscriptions or ApiKey.PushTelemetry)
                {
                    notOffered.Add(api.Name);
                }
                else
                {
                    missing.Add(api.Name);
                }
            }

            output.WriteLine();
            output.WriteLine($"Not yet: {(missing.Count == 0 ? "nothing" : string.Join(", ", missing))}.");
            if (notOffered.Count > 0)
            {
                output.WriteLine($"With a receiver of client metrics, as in Kafka: {string.Join(", ", notOffered)}.");
            }

            return 0;
        });
        return command;
    }

    private static string Range(short lowest, short highest) => lowest == highest ? $"{lowest}" : $"{lowest}-{highest}";
}
