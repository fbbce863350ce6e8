using System.Collections.Immutable;
using System.Net;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>AlterClientQuotas (KIP-546): quotas of users, client ids and addresses.</summary>
internal sealed class QuotaControl(ControllerState state)
{
    private const string User = "user";
    private const string ClientId = "client-id";
    private const string Ip = "ip";

    // Whether it must be a whole number, and how large it may be.
    private static readonly Dictionary<string, (bool IsWhole, double Most)> ClientKeys = new(StringComparer.Ordinal)
    {
        ["producer_byte_rate"] = (true, long.MaxValue),
        ["consumer_byte_rate"] = (true, long.MaxValue),
        ["request_percentage"] = (false, double.MaxValue),
        ["controller_mutation_rate"] = (false, double.MaxValue),
    };

    private static readonly Dictionary<string, (bool IsWhole, double Most)> AddressKeys = new(StringComparer.Ordinal)
    {
        ["connection_creation_rate"] = (true, int.MaxValue),
    };

    public Decision Alter(AlterClientQuotasRequest request)
    {
        List<VersionedRecord> records = [];
        List<(SortedDictionary<string, string?> Entity, ApiError Error)> results = [];
        foreach (AlterClientQuotasRequest.EntryData entry in request.Entries)
        {
            SortedDictionary<string, string?> entity = new(StringComparer.Ordinal);
            foreach (AlterClientQuotasRequest.EntityData part in entry.Entity)
            {
                entity[part.EntityType] = part.EntityName;
            }

            int earlier = results.FindIndex(result => result.Entity.SequenceEqual(entity));
            if (earlier >= 0)
            {
                results[earlier] = (entity, new(
                    ErrorCode.InvalidRequest, $"Ignoring duplicate entity {Describe(entity)}"));
                continue;
            }

            results.Add((entity, Alter(entity, entry.Ops, records)));
        }

        AlterClientQuotasResponse response = new();
        foreach ((SortedDictionary<string, string?> entity, ApiError error) in results)
        {
            response.Entries.Add(new()
            {
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
                Entity =
                [
                    .. entity.Select(part => new AlterClientQuotasResponse.EntityData
                    {
                        EntityType = part.Key,
                        EntityName = part.Value,
                    }),
                ],
            });
        }

        return request.ValidateOnly ? Decision.Answer(response) : new Decision(records, response);
    }

    private ApiError Alter(
        SortedDictionary<string, string?> entity, List<AlterClientQuotasRequest.OpData> changes,
        List<VersionedRecord> records)
    {
        ApiError error = CheckEntity(entity, out Dictionary<string, (bool IsWhole, double Most)> keys);
        if (error.IsFailure)
        {
            return error;
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        List<VersionedRecord> own = [];
        ImmutableArray<KeyValuePair<string, string?>> parts = [.. entity];
        foreach (AlterClientQuotasRequest.OpData change in changes)
        {
            if (!seen.Add(change.Key))
            {
                return new(
                    ErrorCode.InvalidRequest,
                    $"Duplicate quota key {change.Key} not updating quota for this entity {Describe(entity)}");
            }

            if (!change.Remove && CheckValue(keys, change.Key, change.Value) is { IsFailure: true } wrong)
            {
                return wrong;
            }

            bool isSet = state.Image.ClientQuotas.Quotas.TryGetValue(new QuotaKey(parts, change.Key), out double now);
            if (change.Remove ? isSet : !isSet || !now.Equals(change.Value))
            {
                own.Add(new VersionedRecord(ToRecord(entity, change), 0));
            }
        }

        records.AddRange(own);
        return ApiError.None;
    }

    private static ClientQuotaRecord ToRecord(
        SortedDictionary<string, string?> entity, AlterClientQuotasRequest.OpData change) => new()
        {
            Entity =
            [
                .. entity.Select(part => new ClientQuotaRecord.EntityData
                {
                    EntityType = part.Key,
                    EntityName = part.Value,
                }),
            ],
            Key = change.Key,
            Value = change.Remove ? 0 : change.Value,
            Remove = change.Remove,
        };

    private static ApiError CheckEntity(
        SortedDictionary<string, string?> entity, out Dictionary<string, (bool IsWhole, double Most)> keys)
    {
        keys = entity.ContainsKey(Ip) ? AddressKeys : ClientKeys;
        if (entity.Count == 0)
        {
            return new(ErrorCode.InvalidRequest, "Invalid empty client quota entity");
        }

        foreach ((string type, string? name) in entity)
        {
            if (type is not (User or ClientId or Ip))
            {
                return new(ErrorCode.InvalidRequest, $"Unhandled client quota entity type: {type}");
            }

            if (name is "")
            {
                return new(ErrorCode.InvalidRequest, $"Empty {type} not supported");
            }
        }

        if (!entity.TryGetValue(Ip, out string? address))
        {
            return ApiError.None;
        }

        if (entity.Count > 1)
        {
            return new(
                ErrorCode.InvalidRequest,
                "Invalid quota entity combination, IP entity should not be combined with User or ClientId");
        }

        return address is null || IPAddress.TryParse(address, out _)
            ? ApiError.None
            : new(ErrorCode.InvalidRequest, $"{address} is not a valid IP or resolvable host.");
    }

    private static ApiError CheckValue(
        Dictionary<string, (bool IsWhole, double Most)> keys, string key, double value)
    {
        const double Least = 1e-6;
        if (!keys.TryGetValue(key, out (bool IsWhole, double Most) rule))
        {
            return new(ErrorCode.InvalidRequest, $"Invalid configuration key {key}");
        }

        if (!(value > 0))
        {
            return new(ErrorCode.InvalidRequest, $"Quota {key} must be greater than 0");
        }

        if (value > rule.Most)
        {
            return new(
                ErrorCode.InvalidRequest,
                $"Proposed value for {key} is too large for {(rule.Most > int.MaxValue ? "a LONG" : "an INT")}.");
        }

        return rule.IsWhole && Math.Abs(value % 1.0) > Least
            ? new(ErrorCode.InvalidRequest, $"{key} cannot be a fractional value.")
            : ApiError.None;
    }

    private static string Describe(SortedDictionary<string, string?> entity) =>
        $"ClientQuotaEntity(entries={{{string.Join(", ", entity.Select(part => $"{part.Key}={part.Value}"))}}})";
}
