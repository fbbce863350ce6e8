namespace KRaftSharp.Log.Producers;

/// <summary>The producers of a log, to look at. On the owner's strand only.</summary>
public readonly struct ProducerStateView
{
    public int Count => throw new NotSupportedException();

    public IReadOnlyList<ProducerView> Active => throw new NotSupportedException();
}
