using System.CommandLine;
using System.Globalization;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Groups;

/// <summary>The options that say where a group shall go on, of which exactly one is given.</summary>
internal sealed class OffsetTargetOptions
{
    private readonly Option<bool> _earliest = new("--to-earliest") { Description = "The first record that is there" };

    private readonly Option<bool> _latest = new("--to-latest") { Description = "Behind the last record" };

    private readonly Option<bool> _current = new("--to-current")
    {
        Description = "What is committed, moved into the log where it has grown out of it",
    };

    private readonly Option<long?> _offset = new("--to-offset") { Description = "This offset" };

    private readonly Option<string?> _time = new("--to-datetime")
    {
        Description = "The first record of this time (2026-01-31T10:00Z or milliseconds)",
    };

    private readonly Option<long?> _shift = new("--shift-by") { Description = "So many records on, or back with -N" };

    private readonly Option<string?> _duration = new("--by-duration")
    {
        Description = "The first record that is younger than this (15m, 2h, 7d, PT15M)",
    };

    private readonly Option<FileInfo?> _file = new("--from-file")
    {
        Description = "Lines of topic,partition,offset",
    };

    public void AddTo(Command command)
    {
        command.Add(_earliest);
        command.Add(_latest);
        command.Add(_current);
        command.Add(_offset);
        command.Add(_time);
        command.Add(_shift);
        command.Add(_duration);
        command.Add(_file);
    }

    /// <summary>Where each partition goes: never outside of its log.</summary>
    public async Task<Dictionary<TopicPartition, long>> ResolveAsync(
        ToolContext context, KafkaAdmin admin, IReadOnlyCollection<TopicPartition> partitions,
        IReadOnlyDictionary<TopicPartition, long> current, CancellationToken cancellation)
    {
        RequireOne(context);
        Dictionary<TopicPartition, long> wanted = context.Value(_file) is { } file
            ? await ReadAsync(file, cancellation)
            : await FindAsync(context, admin, partitions, current, cancellation);
        Dictionary<TopicPartition, long> starts = await OffsetsAsync(
            admin, wanted.Keys, OffsetSpec.Earliest, cancellation);
        Dictionary<TopicPartition, long> ends = await OffsetsAsync(admin, wanted.Keys, OffsetSpec.Latest, cancellation);
        return wanted.ToDictionary(
            pair => pair.Key, pair => Math.Clamp(pair.Value, starts[pair.Key], ends[pair.Key]));
    }

    private async Task<Dictionary<TopicPartition, long>> FindAsync(
        ToolContext context, KafkaAdmin admin, IReadOnlyCollection<TopicPartition> partitions,
        IReadOnlyDictionary<TopicPartition, long> current, CancellationToken cancellation)
    {
        if (context.Value(_offset) is { } offset)
        {
            return partitions.ToDictionary(partition => partition, _ => offset);
        }

        if (context.Value(_shift) is { } shift)
        {
            return partitions.ToDictionary(
                partition => partition, partition => Committed(current, partition) + shift);
        }

        if (context.Value(_current))
        {
            return partitions.ToDictionary(partition => partition, partition => Committed(current, partition));
        }

        DateTimeOffset? time = context.Value(_time) is { } moment
            ? Quantities.ParseTime(moment)
            : context.Value(_duration) is { } duration
                ? DateTimeOffset.UtcNow - Quantities.ParseDuration(duration)
                : null;
        if (time is not { } at)
        {
            return await OffsetsAsync(
                admin, partitions, context.Value(_earliest) ? OffsetSpec.Earliest : OffsetSpec.Latest, cancellation);
        }

        Dictionary<TopicPartition, long> found = await OffsetsAsync(
            admin, partitions, OffsetSpec.At(at), cancellation);
        // No record is that late: behind the last.
        return found.ToDictionary(pair => pair.Key, pair => pair.Value < 0 ? long.MaxValue : pair.Value);
    }

    private static long Committed(IReadOnlyDictionary<TopicPartition, long> current, TopicPartition partition) =>
        current.TryGetValue(partition, out long offset)
            ? offset
            : throw new ToolException(
                $"the group has committed nothing for {partition}",
                "--to-earliest, --to-latest, --to-offset and --to-datetime need no offset before");

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(
        KafkaAdmin admin, IEnumerable<TopicPartition> partitions, OffsetSpec spec, CancellationToken cancellation) =>
        (await admin.Logs.ListOffsetsAsync(partitions, spec, readCommitted: false, cancellation)).ToDictionary(
            pair => pair.Key, pair => pair.Value.Value.Offset);

    private static async Task<Dictionary<TopicPartition, long>> ReadAsync(
        FileInfo file, CancellationToken cancellation)
    {
        Dictionary<TopicPartition, long> offsets = [];
        int number = 0;
        foreach (string line in await File.ReadAllLinesAsync(file.FullName, cancellation))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string[] parts = line.Split(',', StringSplitOptions.TrimEntries);
            offsets[parts.Length >= 3
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int partition)
                    ? new TopicPartition(parts[0].Trim('"'), partition)
                    : throw Wrong()] =
                long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
                    ? offset
                    : throw Wrong();

            ArgumentException Wrong() =>
                new($"{file.Name}, line {number}: '{line}' is not of the form topic,partition,offset");
        }

        return offsets;
    }

    private void RequireOne(ToolContext context)
    {
        Option[] options = [_earliest, _latest, _current, _offset, _time, _shift, _duration, _file];
        string[] given = [.. options.Where(
            option => context.Arguments.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
        if (given.Length != 1)
        {
            throw new ArgumentException(
                given.Length == 0
                    ? $"say where to: give one of {string.Join(", ", options.Select(option => option.Name))}"
                    : $"give one of {string.Join(" and ", given)}");
        }
    }
}
