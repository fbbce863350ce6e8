namespace KRaftSharp.Client.Security;

/// <summary>A token for SASL/OAUTHBEARER.</summary>
/// <param name="Value">As the header Authorization would carry it, without "Bearer".</param>
/// <param name="Extensions">KIP-342: names of letters and values without control characters; null: none.</param>
public sealed record OAuthBearerToken(string Value, IReadOnlyDictionary<string, string>? Extensions = null)
{
    /// <summary>Does not show the token.</summary>
    public override string ToString() => nameof(OAuthBearerToken);
}
