namespace KRaftSharp.Broker.Network;

/// <summary>Where a connection's responses go, in order. Called on the connection's strand; must not block.</summary>
public interface IResponseSink
{
    /// <summary>Owns the response from now on: disposes it once it is sent or the connection is gone.</summary>
    void Send(OutgoingResponse response);

    /// <summary>No more responses come just now: send what was taken, in one go.</summary>
    void Flush()
    {
    }

    /// <summary>
    /// True while so much is unsent that no further request may be started; then <see cref="RequestPipeline.Resume"/>
    /// is called.
    /// </summary>
    bool IsCongested => false;

    /// <summary>The other side broke the protocol or asked for what we do not serve: hang up.</summary>
    void CloseConnection();
}
