namespace KRaftSharp.History;

/// <summary>What a record's producer was promised by its settings.</summary>
[Flags]
public enum Guarantees
{
    None = 0,

    /// <summary>acks=all: what was acknowledged is never lost.</summary>
    Durable = 1,

    /// <summary>enable.idempotence: however often it is sent, it is there once, and in the order of sending.</summary>
    Idempotent = 2,

    All = Durable | Idempotent,
}
