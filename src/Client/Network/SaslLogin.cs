using KRaftSharp.Client.Security;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Network;

/// <summary>Authenticates a new connection: SaslHandshake, then as many SaslAuthenticate as the mechanism needs
/// (KIP-43, KIP-152).</summary>
internal static class SaslLogin
{
    /// <param name="exchange">Sends a request that nothing else may run beside, and gives its answer.</param>
    /// <param name="options">Who we are.</param>
    /// <param name="cancellation">Ends the wait for a token.</param>
    /// <returns>Milliseconds until the broker wants to be convinced again; 0: never (KIP-368).</returns>
    /// <exception cref="SaslException">The broker does not let us in.</exception>
    public static async Task<long> RunAsync(
        Func<IApiMessage, short, Task<IApiMessage>> exchange, NegotiatedVersions versions, SaslOptions options,
        CancellationToken cancellation)
    {
        ISaslClient client = SaslClients.Create(options);
        // From version 1 on the mechanism's messages travel in requests.
        short handshake = Choose(versions, ApiKey.SaslHandshake, new VersionRange(1, 1));
        var offered = (SaslHandshakeResponse)await exchange(
            new SaslHandshakeRequest { Mechanism = client.Mechanism }, handshake);
        if (offered.ErrorCode != ErrorCode.None)
        {
            throw new SaslException(
                $"the broker does not take {client.Mechanism}, but {string.Join(", ", offered.Mechanisms)}");
        }

        short authenticate = Choose(versions, ApiKey.SaslAuthenticate, VersionRange.All);
        byte[]? next = await client.BeginAsync(cancellation);
        long lifetimeMs = 0;
        while (next is not null)
        {
            var answer = (SaslAuthenticateResponse)await exchange(
                new SaslAuthenticateRequest { AuthBytes = next }, authenticate);
            if (answer.ErrorCode != ErrorCode.None)
            {
                throw new SaslException(answer.ErrorMessage ?? ErrorCodes.Message(answer.ErrorCode));
            }

            lifetimeMs = answer.SessionLifetimeMs;
            next = client.Continue(answer.AuthBytes.Span);
        }

        return lifetimeMs;
    }

    private static short Choose(NegotiatedVersions versions, ApiKey key, VersionRange range) =>
        versions.TryChoose(key, range, out short version)
            ? version
            : throw new SaslException($"SASL is not possible here: {versions.Explain(key)}");
}
