namespace KRaftSharp.Client.Admin;

/// <summary>A credential of a user as brokers tell of it; never the password.</summary>
public readonly record struct ScramCredential(ScramMechanism Mechanism, int Iterations);
