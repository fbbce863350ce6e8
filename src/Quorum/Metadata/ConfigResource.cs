namespace KRaftSharp.Quorum.Metadata;

/// <summary>The owner of configs. The empty name of a broker stands for the defaults of all brokers.</summary>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name) : IComparable<ConfigResource>
{
    /// <summary>The dynamic defaults of all brokers.</summary>
    public static ConfigResource DefaultBroker => new(ConfigResourceType.Broker, "");

    public bool IsDefault => Name.Length == 0;

    public static ConfigResource Topic(string name) => new(ConfigResourceType.Topic, name);

    public static ConfigResource Broker(int id) =>
        new(ConfigResourceType.Broker, id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public int CompareTo(ConfigResource other)
    {
        int byType = Type.CompareTo(other.Type);
        return byType != 0 ? byType : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(ConfigResource left, ConfigResource right) => left.CompareTo(right) < 0;

    public static bool operator <=(ConfigResource left, ConfigResource right) => left.CompareTo(right) <= 0;

    public static bool operator >(ConfigResource left, ConfigResource right) => left.CompareTo(right) > 0;

    public static bool operator >=(ConfigResource left, ConfigResource right) => left.CompareTo(right) >= 0;
}
