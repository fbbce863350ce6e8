namespace KRaftSharp.Client.Admin;

/// <summary>A delegation token (KIP-48).</summary>
/// <param name="Id">Its name when a client authenticates with it.</param>
/// <param name="Hmac">Its password then; empty where the broker does not tell.</param>
/// <param name="Owner">Whom it stands for.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="IssuedAtMs">On the broker's clock.</param>
/// <param name="ExpiresAtMs">Unless it is renewed.</param>
/// <param name="MaxTimestampMs">Renewed or not.</param>
/// <param name="Renewers">Who may renew it besides the owner.</param>
public sealed record DelegationToken(
    string Id,
    ReadOnlyMemory<byte> Hmac,
    KafkaPrincipal Owner,
    KafkaPrincipal Requester,
    long IssuedAtMs,
    long ExpiresAtMs,
    long MaxTimestampMs,
    IReadOnlyList<KafkaPrincipal> Renewers);
