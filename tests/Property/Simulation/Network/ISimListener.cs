namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>What listens on a port of a host.</summary>
internal interface ISimListener
{
    /// <summary>Takes a new connection; <paramref name="reply"/> sends a frame back on it, in order.</summary>
    ISimSession Accept(Action<byte[]> reply, Action close);
}
