using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Delegation tokens (KIP-48, KIP-373).</summary>
/// <remarks>Brokers grant them on authenticated connections only.</remarks>
public sealed class TokenAdmin
{
    private readonly AdminCalls _calls;

    internal TokenAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>A new token.</summary>
    /// <param name="renewers">Who may renew it besides the owner.</param>
    /// <param name="maxLifetime">Null: as long as the broker allows.</param>
    /// <param name="owner">Whom it stands for; null: who asks.</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    public Task<DelegationToken> CreateAsync(
        IEnumerable<KafkaPrincipal>? renewers = null, TimeSpan? maxLifetime = null, KafkaPrincipal? owner = null,
        CancellationToken cancellation = default)
    {
        KafkaPrincipal[] allowed = [.. renewers ?? []];
        return _calls.AnyAsync<CreateDelegationTokenResponse, DelegationToken>(
            new CreateDelegationTokenRequest
            {
                // An empty name is nobody (KIP-373); the field is not there before version 3.
                OwnerPrincipalType = owner?.Type ?? "",
                OwnerPrincipalName = owner?.Name ?? "",
                MaxLifetimeMs = (long?)maxLifetime?.TotalMilliseconds ?? -1,
                Renewers = [.. allowed.Select(renewer => new CreateDelegationTokenRequest.CreatableRenewers
                {
                    PrincipalType = renewer.Type,
                    PrincipalName = renewer.Name,
                })],
            },
            answer => Outcome.Of(answer.ErrorCode, null, new DelegationToken(
                answer.TokenId, answer.Hmac.ToArray(),
                new KafkaPrincipal(answer.PrincipalType, answer.PrincipalName),
                new KafkaPrincipal(answer.TokenRequesterPrincipalType, answer.TokenRequesterPrincipalName),
                answer.IssueTimestampMs, answer.ExpiryTimestampMs, answer.MaxTimestampMs, allowed)),
            cancellation);
    }

    /// <summary>Lets a token live longer; null: as long as the broker does by default.</summary>
    /// <returns>When it expires now, in milliseconds on the broker's clock.</returns>
    public Task<long> RenewAsync(
        ReadOnlyMemory<byte> hmac, TimeSpan? period = null, CancellationToken cancellation = default) =>
        _calls.AnyAsync<RenewDelegationTokenResponse, long>(
            new RenewDelegationTokenRequest
            {
                Hmac = hmac,
                RenewPeriodMs = (long?)period?.TotalMilliseconds ?? -1,
            },
            answer => Outcome.Of(answer.ErrorCode, null, answer.ExpiryTimestampMs), cancellation);

    /// <summary>Lets a token end; null: at once.</summary>
    /// <returns>When it expires now, in milliseconds on the broker's clock.</returns>
    public Task<long> ExpireAsync(
        ReadOnlyMemory<byte> hmac, TimeSpan? period = null, CancellationToken cancellation = default) =>
        _calls.AnyAsync<ExpireDelegationTokenResponse, long>(
            new ExpireDelegationTokenRequest
            {
                Hmac = hmac,
                ExpiryTimePeriodMs = (long?)period?.TotalMilliseconds ?? -1,
            },
            answer => Outcome.Of(answer.ErrorCode, null, answer.ExpiryTimestampMs), cancellation);

    /// <summary>The tokens of owners; all that may be seen when none is named.</summary>
    public Task<IReadOnlyList<DelegationToken>> DescribeAsync(
        IEnumerable<KafkaPrincipal>? owners = null, CancellationToken cancellation = default) =>
        _calls.AnyAsync<DescribeDelegationTokenResponse, IReadOnlyList<DelegationToken>>(
            new DescribeDelegationTokenRequest
            {
                Owners = owners is null
                    ? null
                    : [.. owners.Select(owner => new DescribeDelegationTokenRequest.DescribeDelegationTokenOwner
                    {
                        PrincipalType = owner.Type,
                        PrincipalName = owner.Name,
                    })],
            },
            answer => Outcome.Of<IReadOnlyList<DelegationToken>>(
                answer.ErrorCode, null,
                [.. answer.Tokens.Select(token => new DelegationToken(
                    token.TokenId, token.Hmac.ToArray(),
                    new KafkaPrincipal(token.PrincipalType, token.PrincipalName),
                    new KafkaPrincipal(token.TokenRequesterPrincipalType, token.TokenRequesterPrincipalName),
                    token.IssueTimestamp, token.ExpiryTimestamp, token.MaxTimestamp,
                    [.. token.Renewers.Select(
                        renewer => new KafkaPrincipal(renewer.PrincipalType, renewer.PrincipalName))]))]),
            cancellation);
}
