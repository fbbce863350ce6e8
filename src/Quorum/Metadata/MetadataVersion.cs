namespace KRaftSharp.Quorum.Metadata;

/// <summary>
/// A level of the feature metadata.version: which records may be written, and in which version.
/// </summary>
public readonly record struct MetadataVersion(short Level) : IComparable<MetadataVersion>
{
    public const string FeatureName = "metadata.version";

    private static readonly string[] Names =
    [
        "3.3-IV3", "3.4-IV0", "3.5-IV0", "3.5-IV1", "3.5-IV2", "3.6-IV0", "3.6-IV1", "3.6-IV2", "3.7-IV0", "3.7-IV1",
        "3.7-IV2", "3.7-IV3", "3.7-IV4", "3.8-IV0", "3.9-IV0", "4.0-IV0", "4.0-IV1", "4.0-IV2", "4.0-IV3", "4.1-IV0",
        "4.1-IV1", "4.2-IV0", "4.2-IV1", "4.3-IV0", "4.4-IV0", "4.4-IV1", "4.4-IV2",
    ];

    /// <summary>3.3-IV3, the oldest that Kafka 4 knows.</summary>
    public static MetadataVersion Minimum => new(7);

    /// <summary>4.4-IV2, what a new cluster is formatted with.</summary>
    public static MetadataVersion LatestProduction => new(33);

    public string Name => IsKnown ? Names[Level - Minimum.Level] : Level.ToString(
        System.Globalization.CultureInfo.InvariantCulture);

    public bool IsKnown => Level >= Minimum.Level && Level <= LatestProduction.Level;

    public bool IsMigrationSupported => Level >= 8;

    public bool IsScramSupported => Level >= 11;

    /// <summary>Before 3.6-IV0 each shrunken ISR needs a new leader epoch.</summary>
    public bool IsLeaderEpochBumpRequiredOnIsrShrink => Level < 12;

    public bool IsMetadataTransactionSupported => Level >= 13;

    public bool IsDelegationTokenSupported => Level >= 14;

    public bool IsControllerRegistrationSupported => Level >= 15;

    public bool IsDirectoryAssignmentSupported => Level >= 17;

    public bool IsElrSupported => Level >= 23;

    public bool IsCordonedLogDirsSupported => Level >= 30;

    public bool IsControllerUnregistrationSupported => Level >= 33;

    public short RegisterBrokerRecordVersion => Level switch { >= 30 => 4, >= 17 => 3, >= 8 => 2, _ => 1 };

    public short BrokerRegistrationChangeRecordVersion => Level switch { >= 30 => 3, >= 17 => 2, _ => 1 };

    public short PartitionRecordVersion => Level switch { >= 23 => 2, >= 17 => 1, _ => 0 };

    public short PartitionChangeRecordVersion => PartitionRecordVersion;

    /// <summary>True when going from <paramref name="lower"/> to <paramref name="higher"/> changed records.</summary>
    public static bool MetadataChangedBetween(MetadataVersion lower, MetadataVersion higher)
    {
        ReadOnlySpan<short> unchanged = [9, 10, 12, 16, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 31, 34];
        for (int level = lower.Level + 1; level <= higher.Level; level++)
        {
            if (!unchanged.Contains((short)level))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads "4.4-IV2", "4.4" (the last of that release) or a level.</summary>
    public static bool TryParse(string text, out MetadataVersion version)
    {
        for (int i = Names.Length - 1; i >= 0; i--)
        {
            if (Names[i] == text || Names[i].StartsWith(text + "-IV", StringComparison.Ordinal))
            {
                version = new MetadataVersion((short)(i + Minimum.Level));
                return true;
            }
        }

        bool isNumber = short.TryParse(text, out short level);
        version = new MetadataVersion(level);
        return isNumber && version.IsKnown;
    }

    public int CompareTo(MetadataVersion other) => Level.CompareTo(other.Level);

    public override string ToString() => Name;

    public static bool operator <(MetadataVersion left, MetadataVersion right) => left.Level < right.Level;

    public static bool operator <=(MetadataVersion left, MetadataVersion right) => left.Level <= right.Level;

    public static bool operator >(MetadataVersion left, MetadataVersion right) => left.Level > right.Level;

    public static bool operator >=(MetadataVersion left, MetadataVersion right) => left.Level >= right.Level;
}
