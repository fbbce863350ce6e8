using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Client quotas (KIP-546).</summary>
public sealed class QuotaAdmin
{
    private readonly AdminCalls _calls;

    internal QuotaAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>The quotas whose entity meets every condition; all without one.</summary>
    /// <param name="filters">The conditions.</param>
    /// <param name="strict">Whether an entity with a part that no condition names is left out.</param>
    /// <param name="cancellation">Seen between two attempts.</param>
    public Task<IReadOnlyDictionary<QuotaEntity, IReadOnlyDictionary<string, double>>> DescribeAsync(
        IEnumerable<QuotaFilter>? filters = null, bool strict = false, CancellationToken cancellation = default) =>
        _calls.AnyAsync<
            DescribeClientQuotasResponse, IReadOnlyDictionary<QuotaEntity, IReadOnlyDictionary<string, double>>>(
            new DescribeClientQuotasRequest
            {
                Strict = strict,
                Components = [.. (filters ?? []).Select(filter => new DescribeClientQuotasRequest.ComponentData
                {
                    EntityType = filter.EntityType,
                    MatchType = (sbyte)filter.Match,
                    Match = filter.Match == QuotaMatch.Exact ? filter.Name : null,
                })],
            },
            answer => Outcome.Of<IReadOnlyDictionary<QuotaEntity, IReadOnlyDictionary<string, double>>>(
                answer.ErrorCode, answer.ErrorMessage,
                (answer.Entries ?? []).ToDictionary(
                    entry => new QuotaEntity(entry.Entity.Select(
                        part => KeyValuePair.Create(part.EntityType, part.EntityName))),
                    IReadOnlyDictionary<string, double> (entry) => entry.Values.ToDictionary(
                        value => value.Key, value => value.Value))),
            cancellation);

    /// <summary>Sets quotas; a null value removes one.</summary>
    public Task<IReadOnlyDictionary<QuotaEntity, Outcome>> AlterAsync(
        IReadOnlyDictionary<QuotaEntity, IReadOnlyDictionary<string, double?>> changes, bool validateOnly = false,
        CancellationToken cancellation = default) => _calls.EachAsync(
            changes.Keys,
            new ItemCall<QuotaEntity, bool, AlterClientQuotasResponse>(
                new AnyRoute<QuotaEntity>(),
                asked => new AlterClientQuotasRequest
                {
                    ValidateOnly = validateOnly,
                    Entries = [.. asked.Select(entity => new AlterClientQuotasRequest.EntryData
                    {
                        Entity = [.. entity.Parts.Select(part => new AlterClientQuotasRequest.EntityData
                        {
                            EntityType = part.Key,
                            EntityName = part.Value,
                        })],
                        Ops = [.. changes[entity].Select(change => new AlterClientQuotasRequest.OpData
                        {
                            Key = change.Key,
                            Value = change.Value ?? 0,
                            Remove = change.Value is null,
                        })],
                    })],
                },
                (answer, _) => answer.Entries.Select(entry => (
                    new QuotaEntity(entry.Entity.Select(
                        part => KeyValuePair.Create(part.EntityType, part.EntityName))),
                    Items.Done(entry.ErrorCode, entry.ErrorMessage)))),
            cancellation).PlainAsync();
}
