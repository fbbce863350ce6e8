namespace KRaftSharp.Broker.Replication.Waiting;

/// <summary>Something parked until an offset moves or its deadline passes.</summary>
internal interface IWaiter
{
    /// <summary>True once it has been answered: whoever still holds it may forget it.</summary>
    bool IsDone { get; }

    /// <summary>What it waits for may have come true. Any thread; may answer inside the call.</summary>
    void Wake();

    /// <summary>Its deadline has passed: it answers with what there is. Any thread.</summary>
    void Expire();
}
