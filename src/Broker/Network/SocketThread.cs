namespace KRaftSharp.Broker.Network;

/// <summary>
/// Decides when a receive loop leaves the thread that watches the sockets. That thread has many connections to serve:
/// one that brings much, or that always has something, goes on in the pool.
/// </summary>
internal struct SocketThread
{
    private const int BulkBytes = 32 * 1024;
    private const int MostInARow = 8;

    private int _inARow;

    /// <summary>Told of each receive; true when the loop has to yield before it works on what came.</summary>
    /// <param name="frames">What has come: much of it is work only once a frame of it is complete.</param>
    /// <param name="wasAtOnce">The receive did not have to wait.</param>
    public bool IsToBeLeft(FrameReader frames, bool wasAtOnce)
    {
        _inARow = wasAtOnce ? _inARow + 1 : 0;
        bool isBulk = frames.PendingBytes >= BulkBytes && frames.HasCompleteFrame();
        if ((!isBulk && _inARow < MostInARow) || Thread.CurrentThread.IsThreadPoolThread)
        {
            return false;
        }

        _inARow = 0;
        return true;
    }
}
