namespace KRaftSharp.Client.Producer;

/// <summary>Producer id and epoch that the brokers know this producer by (KIP-98).</summary>
internal readonly record struct ProducerIdentity(long Id, short Epoch)
{
    public static ProducerIdentity None => new(-1, -1);

    public bool IsValid => Id >= 0;
}
