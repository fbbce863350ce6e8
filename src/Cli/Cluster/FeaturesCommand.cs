using System.CommandLine;
using System.Globalization;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Cluster;

/// <summary><c>features</c>: the levels that the cluster has agreed on.</summary>
internal static class FeaturesCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command features = new("features", "The features' levels: metadata.version and others")
        {
            Describe(options), Change(options, isUpgrade: true), Change(options, isUpgrade: false),
        };
        options.AddTo(features);
        return features;
    }

    private static Command Describe(ClusterOptions options)
    {
        Command describe = new("describe", "Show the levels in force and what the brokers support");
        describe.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            FeatureDescription features = await admin.Cluster.DescribeFeaturesAsync(cancellation);
            Report report = new("feature", "level", "lowest supported", "highest supported", "epoch");
            foreach (string name in features.Supported.Keys.Union(features.Finalized.Keys).Order(
                StringComparer.Ordinal))
            {
                FeatureRange? range = features.Supported.TryGetValue(name, out FeatureRange known) ? known : null;
                report.Add(
                    name, features.Finalized.GetValueOrDefault(name), range is null ? Cell.None : range.Value.Lowest,
                    range is null ? Cell.None : range.Value.Highest, Cell.Known(features.Epoch));
            }

            context.Screen.Show(report);
            return 0;
        });
        return describe;
    }

    private static Command Change(ClusterOptions options, bool isUpgrade)
    {
        Argument<string[]> levels = new("feature=level")
        {
            Description = "Such as metadata.version=30; level 0 takes a feature away",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> isUnsafe = new("--unsafe") { Description = "Even where metadata is lost by it" };
        Option<bool> dryRun = new("--dry-run") { Description = "Check, and change nothing" };
        Command change = isUpgrade
            ? new("upgrade", "Raise levels") { levels, dryRun }
            : new("downgrade", "Lower levels") { levels, isUnsafe, dryRun };
        change.Run(options, async (context, cancellation) =>
        {
            FeatureUpdateType type = isUpgrade
                ? FeatureUpdateType.Upgrade
                : context.Value(isUnsafe) ? FeatureUpdateType.UnsafeDowngrade : FeatureUpdateType.SafeDowngrade;
            FeatureUpdate[] updates = [.. KeyValueOption.Parse(context.Required(levels)).Select(
                pair => new FeatureUpdate(pair.Key, ParseLevel(pair), type))];
            await using KafkaAdmin admin = context.Admin();
            await admin.Cluster.UpdateFeaturesAsync(updates, context.Value(dryRun), cancellation);
            ChangeLog changes = new();
            foreach (FeatureUpdate update in updates)
            {
                changes.Done(
                    $"{update.Feature} {(context.Value(dryRun) ? "could be" : "is")} at level {update.Level}",
                    ("feature", update.Feature), ("level", update.Level));
            }

            return context.Finish(changes);
        });
        return change;
    }

    private static short ParseLevel((string Feature, string Level) pair) =>
        short.TryParse(pair.Level, NumberStyles.None, CultureInfo.InvariantCulture, out short level)
            ? level
            : throw new ArgumentException($"the level of {pair.Feature} is a number, not '{pair.Level}'");
}
