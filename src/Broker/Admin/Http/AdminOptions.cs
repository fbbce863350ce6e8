using System.Net;
using KRaftSharp.Broker.Config;
using KRaftSharp.Quorum.Configs;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>The configuration of the admin HTTP endpoint, checked.</summary>
/// <param name="Tokens">The role of each bearer token.</param>
internal sealed record AdminOptions(
    IReadOnlyList<AdminEndpoint> Endpoints, IReadOnlyDictionary<string, AdminRole> Tokens, string? CertificateFile,
    string? KeyFile, string? ClientCaFile, int MaxBodyBytes, Uri? OtlpEndpoint)
{
    /// <summary>False: whoever reaches the endpoint, which then is loopback only, may do everything.</summary>
    public bool IsGuarded => Tokens.Count > 0 || ClientCaFile is not null;

    /// <exception cref="NodeConfigException">A value is wrong, or it would open the endpoint to everybody.</exception>
    public static AdminOptions From(NodeConfig config)
    {
        AdminOptions options = new(
            [.. config.GetList(OwnConfigs.AdminListeners).Select(AdminEndpoint.Parse)],
            TokensOf(config.GetString(OwnConfigs.AdminTokens)), config.GetString(OwnConfigs.AdminCertificateFile),
            config.GetString(OwnConfigs.AdminKeyFile), config.GetString(OwnConfigs.AdminClientCaFile),
            config.GetInt(OwnConfigs.AdminMaxBodyBytes), OtlpOf(config));
        foreach (AdminEndpoint endpoint in options.Endpoints)
        {
            if (!endpoint.IsLoopback && !options.IsGuarded)
            {
                throw new NodeConfigException(
                    $"Invalid value {endpoint} for configuration {OwnConfigs.AdminListeners}: an address that is not "
                    + $"loopback needs {OwnConfigs.AdminTokens} or {OwnConfigs.AdminClientCaFile}");
            }

            if (endpoint.IsHttps && (options.CertificateFile is null || options.KeyFile is null))
            {
                throw new NodeConfigException(
                    $"Invalid value {endpoint} for configuration {OwnConfigs.AdminListeners}: https needs "
                    + $"{OwnConfigs.AdminCertificateFile} and {OwnConfigs.AdminKeyFile}");
            }
        }

        return options;
    }

    private static Uri? OtlpOf(NodeConfig config)
    {
        if (config.GetString(OwnConfigs.OtlpEndpoint) is not { Length: > 0 } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("http" or "https")
            ? uri
            : throw new NodeConfigException(
                $"Invalid value {text} for configuration {OwnConfigs.OtlpEndpoint}: http://host:port");
    }

    private static Dictionary<string, AdminRole> TokensOf(string? text)
    {
        Dictionary<string, AdminRole> tokens = new(StringComparer.Ordinal);
        foreach (string entry in (text ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int colon = entry.IndexOf(':', StringComparison.Ordinal);
            AdminRole role = colon < 0 ? AdminRole.None : entry[..colon] switch
            {
                "admin" => AdminRole.Admin,
                "reader" => AdminRole.Reader,
                _ => AdminRole.None,
            };
            if (role == AdminRole.None || colon == entry.Length - 1)
            {
                // The value is a secret: the message must not have it.
                throw new NodeConfigException(
                    $"Invalid value for configuration {OwnConfigs.AdminTokens}: role:token with role admin or reader");
            }

            tokens[entry[(colon + 1)..]] = role;
        }

        return tokens;
    }
}

/// <summary>One address of the admin endpoint.</summary>
internal sealed record AdminEndpoint(bool IsHttps, string Host, int Port)
{
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out IPAddress? address)
        && IPAddress.IsLoopback(address));

    /// <summary>The address to bind; every one of the machine for an empty host.</summary>
    public IPAddress Address => Host switch
    {
        "localhost" => IPAddress.Loopback,
        "" or "0.0.0.0" => IPAddress.Any,
        _ => IPAddress.TryParse(Host, out IPAddress? address)
            ? address
            : throw new NodeConfigException(
                $"Invalid value {this} for configuration {OwnConfigs.AdminListeners}: the host must be an address"),
    };

    public static AdminEndpoint Parse(string text)
    {
        string absolute = text.Replace("://:", "://0.0.0.0:", StringComparison.Ordinal);
        if (!Uri.TryCreate(absolute, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            throw new NodeConfigException(
                $"Invalid value {text} for configuration {OwnConfigs.AdminListeners}: http://host:port or "
                + "https://host:port");
        }

        return new AdminEndpoint(uri.Scheme == "https", uri.Host.Trim('[', ']'), uri.Port);
    }

    public override string ToString() => $"{(IsHttps ? "https" : "http")}://{Host}:{Port}";
}
