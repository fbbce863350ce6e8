namespace KRaftSharp.Client.Security;

/// <summary>Who the client is, and how it proves it.</summary>
public sealed record SaslOptions
{
    /// <summary><c>sasl.mechanism</c>.</summary>
    public required SaslMechanism Mechanism { get; init; }

    /// <summary>PLAIN and SCRAM.</summary>
    public string UserName { get; init; } = "";

    /// <summary>PLAIN and SCRAM.</summary>
    public string Password { get; init; } = "";

    /// <summary>OAUTHBEARER: gives a token that is valid now. Asked at every connection, so it keeps what it has got
    /// until that expires; what it throws fails the connection.</summary>
    public Func<CancellationToken, ValueTask<OAuthBearerToken>>? TokenProvider { get; init; }

    /// <summary>Does not show the password.</summary>
    public override string ToString() => $"{Mechanism} {UserName}";

    /// <exception cref="ArgumentException">Something is missing for the mechanism.</exception>
    internal void Validate()
    {
        if (Mechanism == SaslMechanism.OAuthBearer && TokenProvider is null)
        {
            throw new Configuration.KafkaConfigException("SaslOptions.TokenProvider must be set for OAUTHBEARER.");
        }

        if (Mechanism != SaslMechanism.OAuthBearer && UserName.Length == 0)
        {
            throw new Configuration.KafkaConfigException(
                $"SaslOptions.UserName must be set for {SaslClients.NameOf(Mechanism)}.");
        }
    }
}
