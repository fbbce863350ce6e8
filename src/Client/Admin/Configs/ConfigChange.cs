namespace KRaftSharp.Client.Admin;

/// <summary>One change of one configuration key.</summary>
/// <param name="Name">Kafka's key.</param>
/// <param name="Operation">What is done with it.</param>
/// <param name="Value">Null when it is deleted.</param>
public sealed record ConfigChange(string Name, ConfigOperation Operation, string? Value)
{
    public static ConfigChange Set(string name, string value) => new(name, ConfigOperation.Set, value);

    public static ConfigChange Delete(string name) => new(name, ConfigOperation.Delete, null);
}
