using System.Globalization;
using System.Xml;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Sharing.Core;

namespace KRaftSharp.Broker.Sharing;

/// <summary>What is configured for one share group at one moment.</summary>
/// <param name="IsReadCommitted">Whether records of aborted transactions are left out, and open ones waited
/// for.</param>
/// <param name="OffsetReset">latest, earliest or by_duration:PnDTnHnMn.nS.</param>
/// <param name="DeadLetterTopic">Empty for none.</param>
/// <param name="CopiesDeadLetters">Whether the dead letters carry the record, and not only its place.</param>
internal sealed record ShareGroupSettings(
    ShareLimits Limits, bool IsReadCommitted, string OffsetReset, string DeadLetterTopic, bool CopiesDeadLetters)
{
    private const string ByDuration = "by_duration:";

    public bool BeginsEarliest => string.Equals(OffsetReset, "earliest", StringComparison.OrdinalIgnoreCase);

    /// <summary>How far back the group begins; null where it does not begin by time.</summary>
    public TimeSpan? BeginsBefore => OffsetReset.StartsWith(ByDuration, StringComparison.OrdinalIgnoreCase)
        ? XmlConvert.ToTimeSpan(OffsetReset[ByDuration.Length..].ToUpperInvariant())
        : null;

    /// <param name="mayHaveDeadLetters">Whether the cluster's features have dead letter queues.</param>
    public static ShareGroupSettings Of(GroupConfigReader configs, string group, bool mayHaveDeadLetters)
    {
        string deadLetters = mayHaveDeadLetters
            ? configs.Text(group, "errors.deadletterqueue.topic.name") ?? ""
            : "";
        ShareLimits limits = new(
            configs.Int(group, "share.delivery.count.limit"),
            configs.Int(group, "share.partition.max.record.locks"),
            configs.Int(group, "share.record.lock.duration.ms"),
            configs.Bool(group, "share.renew.acknowledge.enable"),
            deadLetters.Length > 0);
        return new ShareGroupSettings(
            limits,
            string.Equals(
                configs.Text(group, "share.isolation.level"), "read_committed", StringComparison.OrdinalIgnoreCase),
            configs.Text(group, "share.auto.offset.reset") ?? "latest",
            deadLetters,
            configs.Bool(group, "errors.deadletterqueue.copy.record.enable"));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{OffsetReset} {Limits.MaxDeliveryCount}/{Limits.LockMs}");
}
