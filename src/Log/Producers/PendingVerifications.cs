namespace KRaftSharp.Log.Producers;

/// <summary>
/// Produce requests that are being checked with the transaction coordinator (KIP-890). A check counts only while no
/// marker of its transaction and no record of its producer has been written since it began, so that a late request
/// never opens a transaction that its coordinator does not know.
/// </summary>
/// <remarks>On the log owner's strand.</remarks>
internal sealed class PendingVerifications
{
    private readonly Dictionary<long, Verification> _pending = [];
    private long _lastToken;

    public int Count => _pending.Count;

    /// <summary>The token that the append has to bring.</summary>
    /// <param name="bumpsEpoch">The producer gets a new epoch with each transaction.</param>
    public long Start(long producerId, short epoch, int firstSequence, bool bumpsEpoch, long nowMs)
    {
        if (!_pending.TryGetValue(producerId, out Verification? known) || known.Epoch < epoch)
        {
            known = new Verification(++_lastToken, epoch, firstSequence, bumpsEpoch, nowMs);
            _pending[producerId] = known;
        }
        else if (known.Epoch == epoch && firstSequence < known.LowestSequence)
        {
            known = known with { LowestSequence = firstSequence };
            _pending[producerId] = known;
        }

        return known.Token;
    }

    public bool IsCurrent(long producerId, long token) =>
        token > 0 && _pending.TryGetValue(producerId, out Verification? known) && known.Token == token;

    /// <summary>Whether a lower sequence of this epoch is still to come.</summary>
    public bool IsBehind(long producerId, short epoch, int firstSequence) =>
        _pending.TryGetValue(producerId, out Verification? known) && known.Epoch == epoch
        && firstSequence > known.LowestSequence;

    public bool BumpsEpochs(long producerId) =>
        _pending.TryGetValue(producerId, out Verification? known) && known.BumpsEpoch;

    /// <param name="lastEpoch">The check of a later epoch goes on.</param>
    public void Remove(long producerId, short lastEpoch = short.MaxValue)
    {
        if (_pending.Count > 0 && _pending.TryGetValue(producerId, out Verification? known)
            && known.Epoch <= lastEpoch)
        {
            _pending.Remove(producerId);
        }
    }

    public void RemoveExpired(long nowMs, long expirationMs)
    {
        foreach ((long producerId, Verification known) in _pending.ToList())
        {
            if (nowMs - known.StartedMs >= expirationMs)
            {
                _pending.Remove(producerId);
            }
        }
    }

    private sealed record Verification(long Token, short Epoch, int LowestSequence, bool BumpsEpoch, long StartedMs);
}
