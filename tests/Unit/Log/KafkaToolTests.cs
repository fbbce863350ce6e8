using System.Diagnostics;
using System.Text.RegularExpressions;
using KRaftSharp.Log;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Log;

/// <summary>
/// Kafka's own kafka-dump-log reads what we wrote. Runs where KRAFTSHARP_KAFKA_TOOL names a script that takes the
/// tool's name and its arguments.
/// </summary>
public sealed class KafkaToolTests : IDisposable
{
    private static readonly string? Tool = Environment.GetEnvironmentVariable("KRAFTSHARP_KAFKA_TOOL");

    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task DumpLog_ReadsSegmentsIndexesAndSnapshots()
    {
        if (Tool is null)
        {
            return;
        }

        _fixture.Options = _fixture.Options with { SegmentBytes = 20_000, IndexIntervalBytes = 500 };
        using (PartitionLog log = _fixture.Open())
        {
            await FillAsync(log);
        }

        string[] files = [.. Directory.GetFiles(_fixture.LogPath, "0*").Order()];
        Assert.Contains(files, file => file.EndsWith(".timeindex", StringComparison.Ordinal));
        foreach (string file in files)
        {
            string output = await DumpAsync("--files", file, "--deep-iteration");
            Assert.DoesNotContain("isvalid: false", output, StringComparison.Ordinal);

            // The tool takes offset -1 to precede every file's first record.
            AssertNoComplaint(Regex.Replace(
                output, @"Non-consecutive offsets in \S+\s+-1 is followed by \d+\s*$", ""));
        }

        string[] indexes = [.. files.Where(file => file.EndsWith("index", StringComparison.Ordinal))];
        AssertNoComplaint(await DumpAsync("--files", string.Join(',', indexes), "--verify-index-only"));
        AssertNoComplaint(await DumpAsync("--files", string.Join(',', indexes), "--index-sanity-check"));
    }

    private async Task FillAsync(PartitionLog log)
    {
        CompressionCodec[] codecs = Enum.GetValues<CompressionCodec>();
        for (int i = 0; i < 200; i++)
        {
            _fixture.Clock.Advance(7);
            byte[] batch = _fixture.Batch(1 + (i % 4), 30 * (i % 7), options: new RecordBatchOptions
            {
                Compression = codecs[i % codecs.Length],
                ProducerId = i % 3,
                ProducerEpoch = 1,
                BaseSequence = 0,
            });
            RecordBatchMutator.SetProducerState(batch, i % 11, (short)i, 0);
            Assert.True(log.AppendAsLeader(batch, i / 50).IsSuccess);
        }

        await log.CloseAsync();
    }

    private static void AssertNoComplaint(string output)
    {
        foreach (string complaint in (string[])
            ["mismatch", "Exception", "corrupt", "Non-consecutive", "out of order", "not found", "trailing"])
        {
            int at = output.IndexOf(complaint, StringComparison.OrdinalIgnoreCase);
            Assert.True(at < 0, at < 0 ? "" : output[at..Math.Min(output.Length, at + 1000)]);
        }
    }

    private static async Task<string> DumpAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Tool!) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("dump-log");
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output + await errors;
    }
}
