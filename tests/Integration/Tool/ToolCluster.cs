using System.Text;
using KRaftSharp.Cli;

namespace KRaftSharp.Tests.Integration.Tool;

/// <summary>Two brokers in this process, and the tool run against them without a process of its own.</summary>
public sealed class ToolCluster : IAsyncLifetime
{
    private TestServer? _first;
    private TestServer? _second;

    public string Bootstrap => $"127.0.0.1:{_first!.ClientPort}";

    public async Task InitializeAsync()
    {
        (string, string)[] settings =
        [
            ("offsets.topic.num.partitions", "2"), ("offsets.topic.replication.factor", "1"),
            ("transaction.state.log.num.partitions", "2"), ("transaction.state.log.replication.factor", "1"),
            ("transaction.state.log.min.isr", "1"), ("share.coordinator.state.topic.replication.factor", "1"),
            ("share.coordinator.state.topic.min.isr", "1"), ("group.initial.rebalance.delay.ms", "0"),
        ];
        _first = await TestServer.StartAsync(settings);
        _second = await TestServer.StartBrokerAsync(2, _first, settings);
    }

    public async Task DisposeAsync()
    {
        await _second!.DisposeAsync();
        await _first!.DisposeAsync();
    }

    /// <summary>Runs a command as if its output were piped.</summary>
    public Task<ToolRun> RunAsync(params string[] arguments) => RunAsync(arguments, input: "");

    /// <summary>Runs a command with an input.</summary>
    public Task<ToolRun> RunAsync(string[] arguments, string input) => RunAsync(arguments, input, terminalWidth: null);

    /// <summary>Runs a command as if it printed on a terminal.</summary>
    public Task<ToolRun> OnTerminalAsync(int width, params string[] arguments) => RunAsync(arguments, "", width);

    /// <summary>A topic with a replica on each broker.</summary>
    public async Task CreateTopicAsync(string name, int partitions = 2, params string[] lines)
    {
        Assert.Equal(0, (await RunAsync("topics", "create", name, "-p", $"{partitions}", "-r", "2")).Code);
        if (lines.Length > 0)
        {
            ToolRun sent = await RunAsync(
                ["produce", name, "-p", "0", "-k", ":", "-q"], string.Concat(lines.Select(line => line + "\n")));
            Assert.True(sent.Code == 0, sent.Error);
        }
    }

    internal static async Task<ToolRun> RunAsync(
        string[] arguments, string bootstrap, string input, int? terminalWidth)
    {
        using MemoryStream output = new();
        await using StreamWriter writer = new(output, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        await using StringWriter error = new() { NewLine = "\n" };
        ToolConfiguration configuration = new()
        {
            InputStream = new MemoryStream(Encoding.UTF8.GetBytes(input)),
            OutputStream = output,
            Output = writer,
            Error = error,
            IsOutputTerminal = terminalWidth is not null,
            HasColors = terminalWidth is not null,
            Width = terminalWidth ?? 120,
        };
        string[] all = Array.Exists(arguments, argument => argument is "-b" or "completion" || argument.StartsWith('['))
            ? arguments
            : [.. arguments, "-b", bootstrap];
        int code = await Cli.Tool.CreateRoot().Parse(all).InvokeAsync(configuration);
        return new ToolRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    private Task<ToolRun> RunAsync(string[] arguments, string input, int? terminalWidth) =>
        RunAsync(arguments, Bootstrap, input, terminalWidth);
}
