namespace KRaftSharp.Quorum.Metadata;

/// <summary>The next producer id that no broker has been given yet.</summary>
public sealed record ProducerIdsImage(long NextProducerId)
{
    public static ProducerIdsImage Empty { get; } = new(0);
}
