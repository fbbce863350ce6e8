namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>The client's side of one connection. Called in the client's context.</summary>
internal interface ISimClientEnd
{
    void Receive(byte[] frame);

    /// <summary>The connection is gone, or was never made because nobody listens there.</summary>
    void Closed(bool refused);
}
