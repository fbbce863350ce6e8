namespace KRaftSharp.Client.Security;

/// <summary>The client's side of one SASL exchange. Used once, by one caller.</summary>
internal interface ISaslClient
{
    /// <summary>As the protocol names the mechanism.</summary>
    string Mechanism { get; }

    /// <summary>What is sent first.</summary>
    ValueTask<byte[]> BeginAsync(CancellationToken cancellation);

    /// <summary>What is sent next; null when the exchange has ended well.</summary>
    /// <exception cref="SaslException">The broker's message is wrong, or a refusal.</exception>
    byte[]? Continue(ReadOnlySpan<byte> challenge);
}
