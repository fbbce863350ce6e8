using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>Says what the sender of a call may do, and keeps out calls that a browser was tricked into.</summary>
internal sealed class AdminGuard(AdminOptions options)
{
    private const string Bearer = "Bearer ";
    private const string TokenCookie = "kraftsharp-token";

    private readonly (byte[] Hash, AdminRole Role)[] _tokens =
        [.. options.Tokens.Select(token => (Hash(token.Key), token.Value))];

    /// <summary>The role of the sender.</summary>
    public AdminRole RoleOf(HttpContext http)
    {
        if (!options.IsGuarded)
        {
            return AdminRole.Admin;
        }

        // The handshake has checked the certificate against the authority.
        if (http.Connection.ClientCertificate is not null)
        {
            return AdminRole.Admin;
        }

        string? header = http.Request.Headers.Authorization;
        string? token = header?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true
            ? header[Bearer.Length..].Trim()
            // For the console's event stream: a browser gives it no headers.
            : http.Request.Cookies[TokenCookie];
        return token is null ? AdminRole.None : RoleOfToken(token);
    }

    /// <summary>Refuses what only another site's page in a browser would send.</summary>
    /// <exception cref="AdminProblem">The host or the origin is not ours.</exception>
    public void CheckOrigin(HttpContext http, bool isChange)
    {
        string host = http.Request.Host.Host;
        if (!options.IsGuarded && host != "localhost"
            && !(IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address)))
        {
            // A name that somebody lets point to loopback, so that his page may read what is here.
            throw new AdminProblem(403, 40301, $"Host {host} is not served here without a token");
        }

        string? origin = http.Request.Headers.Origin;
        string own = $"{http.Request.Scheme}://{http.Request.Host}";
        if (isChange && origin is { Length: > 0 } && !origin.Equals(own, StringComparison.OrdinalIgnoreCase))
        {
            throw new AdminProblem(403, 40301, "Pages of other sites must not change anything here");
        }
    }

    /// <summary>All are compared, each in the same time: the answer's delay says nothing about a token.</summary>
    private AdminRole RoleOfToken(string token)
    {
        byte[] hash = Hash(token);
        AdminRole role = AdminRole.None;
        foreach ((byte[] known, AdminRole its) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
            {
                role = its;
            }
        }

        return role;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
