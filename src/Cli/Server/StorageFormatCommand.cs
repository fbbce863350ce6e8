using System.CommandLine;
using System.Globalization;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Hosting;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Cli.Server;

/// <summary><c>storage format</c>: writes meta.properties and what a new cluster starts with.</summary>
internal static class StorageFormatCommand
{
    public static Command Create()
    {
        ServerConfigOptions config = new();
        Option<string> clusterId = new("--cluster-id", "-t")
        {
            Description = "The id of the cluster, the same on all its nodes",
            HelpName = "ID",
            Required = true,
        };
        Option<string> release = new("--release-version", "-r")
        {
            Description = "The metadata.version to start with",
            DefaultValueFactory = static _ => MetadataVersion.LatestProduction.Name,
        };
        Option<string[]> features = new("--feature", "-f")
        {
            Description = "A feature's level to start with; may be given several times",
            HelpName = "NAME=LEVEL",
            DefaultValueFactory = static _ => [],
        };
        Option<bool> ignoreFormatted = new("--ignore-formatted", "-g")
        {
            Description = "Leave formatted directories as they are instead of failing",
        };
        Option<bool> standalone = new("--standalone", "-s")
        {
            Description = "This controller alone is the first voter of a dynamic quorum",
        };
        Option<bool> noInitial = new("--no-initial-controllers", "-N")
        {
            Description = "The quorum knows its voters; this node may join them later",
        };
        Option<string?> initial = new("--initial-controllers", "-I")
        {
            Description = "The first voters of a dynamic quorum, the same list on all of them",
            HelpName = "ID@HOST:PORT:DIRECTORY,...",
        };
        Command command = new("format", "Format the directories of a node")
        {
            clusterId, release, features, ignoreFormatted, standalone, noInitial, initial,
        };
        config.AddTo(command);
        command.Validators.Add(result =>
        {
            int flags = (result.GetValue(standalone) ? 1 : 0) + (result.GetValue(noInitial) ? 1 : 0)
                + (result.GetValue(initial) is null ? 0 : 1);
            if (flags > 1)
            {
                result.AddError(
                    "only one of --standalone, --no-initial-controllers and --initial-controllers is allowed");
            }
        });
        command.SetAction(arguments => Run(
            arguments, config, arguments.GetValue(clusterId)!, arguments.GetValue(ignoreFormatted),
            () =>
            {
                (IReadOnlyList<VersionedRecord> bootstrap, short? kraftVersion) =
                    BootstrapOf(arguments.GetValue(release)!, arguments.GetValue(features)!);
                return new StorageFormat(arguments.GetValue(clusterId)!, bootstrap)
                {
                    IsStandalone = arguments.GetValue(standalone),
                    HasNoInitialControllers = arguments.GetValue(noInitial),
                    InitialControllers = arguments.GetValue(initial) is { } text ? DynamicVoter.ParseList(text) : null,
                    KRaftVersion = kraftVersion,
                };
            }));
        return command;
    }

    private static int Run(
        ParseResult arguments, ServerConfigOptions source, string clusterId, bool ignoreFormatted,
        Func<StorageFormat> format)
    {
        try
        {
            if (!Uuid.TryParse(clusterId, out Uuid id) || id.IsZero)
            {
                throw new NodeConfigException(
                    $"--cluster-id {clusterId}: it must be an id of 22 characters, as 'storage random-uuid' gives");
            }

            NodeConfig config = source.Load(arguments);
            DiskStorage storage = new();
            string? formatted = config.LogDirectories.Append(config.MetadataDirectory)
                .FirstOrDefault(directory => MetaProperties.Read(storage, directory) is not null);
            if (formatted is not null && !ignoreFormatted)
            {
                throw new NodeConfigException($"{formatted} is formatted already (--ignore-formatted leaves it so)");
            }

            foreach (string directory in StorageFormatter.Format(storage, config, format()))
            {
                Console.WriteLine($"Formatted {directory} for node {config.NodeId} of cluster {clusterId}");
            }

            return 0;
        }
        catch (Exception error) when (error is NodeConfigException or StorageException or FormatException)
        {
            Console.Error.WriteLine($"kraftsharp storage format: {error.Message}");
            return 1;
        }
    }

    private static (IReadOnlyList<VersionedRecord> Records, short? KRaftVersion) BootstrapOf(
        string release, string[] features)
    {
        if (!MetadataVersion.TryParse(release, out MetadataVersion version))
        {
            throw new NodeConfigException($"--release-version {release}: no such version (the latest is "
                + $"{MetadataVersion.LatestProduction})");
        }

        Dictionary<string, short> levels = new(StringComparer.Ordinal);
        foreach (string feature in features)
        {
            if (feature.Split('=') is not [var name, var text]
                || !short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out short level)
                || !KnownFeatures.TryGet(name, out FeatureDefinition? known) || !known.Supported.Contains(level))
            {
                throw new NodeConfigException($"--feature {feature}: it must be NAME=LEVEL of a known feature");
            }

            levels[name] = level;
        }

        return (Bootstrap.ForVersion(version, levels),
            levels.TryGetValue(KnownFeatures.KRaftVersion, out short chosen) ? chosen : null);
    }
}
