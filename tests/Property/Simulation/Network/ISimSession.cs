namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>The server's side of one connection.</summary>
internal interface ISimSession
{
    /// <summary>
    /// One request frame, without its length. Called in the server's context, in the order of sending.
    /// </summary>
    void Receive(byte[] frame);

    /// <summary>The other side has closed or vanished. Called once, in the server's context.</summary>
    void Closed();
}
