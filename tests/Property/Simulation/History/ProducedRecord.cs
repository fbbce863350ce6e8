namespace KRaftSharp.Tests.Property.Simulation.History;

/// <summary>One record that a client tried to write. Values are unique in a run: client and running number.</summary>
internal sealed class ProducedRecord(int client, int number, TopicPartitionName partition, short acks, bool idempotent)
{
    public int Client => client;

    public int Number => number;

    public TopicPartitionName Partition => partition;

    public short Acks => acks;

    public bool IsIdempotent => idempotent;

    public string Value => $"c{client}-{number}";

    public bool IsAcknowledged { get; set; }

    /// <summary>
    /// Where the acknowledgement says it is; null while there is none, and where a repeated send was only told that it
    /// is there.
    /// </summary>
    public long? AcknowledgedOffset { get; set; }

    public long AcknowledgedAtMs { get; set; }

    public override string ToString() => $"{Value} to {partition} (acks {acks}{(idempotent ? ", idempotent" : "")})";
}
