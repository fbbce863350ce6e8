namespace KRaftSharp.Broker.Network;

/// <summary>
/// The complete requests of one receive. Handlers that gain by working once for several of them (one write a
/// partition) collect and finish at the end.
/// </summary>
/// <remarks>Used by the connection's strand only: handlers may call it before their first await.</remarks>
public sealed class ReceiveBatch
{
    private readonly List<(Action<object?> Callback, object? State)> _atEnd = [];

    /// <summary>True while more requests of this receive are about to be started.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>
    /// Calls back once, after the last request of the receive was started; at once when there is no more to come.
    /// </summary>
    public void AtEnd(Action<object?> callback, object? state)
    {
        if (IsOpen)
        {
            _atEnd.Add((callback, state));
        }
        else
        {
            callback(state);
        }
    }

    internal void Open() => IsOpen = true;

    internal void Complete()
    {
        IsOpen = false;
        for (int i = 0; i < _atEnd.Count; i++)
        {
            _atEnd[i].Callback(_atEnd[i].State);
        }

        _atEnd.Clear();
    }
}
