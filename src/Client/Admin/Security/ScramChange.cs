namespace KRaftSharp.Client.Admin;

/// <summary>A credential that a user gets or loses.</summary>
public sealed record ScramChange
{
    private ScramChange(string user, ScramMechanism mechanism) => (User, Mechanism) = (user, mechanism);

    public string User { get; }

    public ScramMechanism Mechanism { get; }

    internal ScramSecret? Secret { get; private init; }

    /// <summary>A new password, which never leaves this process: only what it is hashed to does.</summary>
    /// <param name="user">The user's name.</param>
    /// <param name="mechanism">How it is hashed.</param>
    /// <param name="password">Not empty.</param>
    /// <param name="iterations">4096 to 16384, as brokers want it.</param>
    public static ScramChange Set(string user, ScramMechanism mechanism, string password, int iterations = 4096) =>
        new(user, mechanism) { Secret = ScramSecret.Create(mechanism, password, iterations) };

    public static ScramChange Delete(string user, ScramMechanism mechanism) => new(user, mechanism);
}
