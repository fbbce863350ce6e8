using System.Collections.Immutable;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DescribeClientQuotas v0-1 (KIP-546): the quotas of entities that a filter matches.</summary>
internal sealed class DescribeClientQuotasHandler(Func<MetadataImage> image) : IRequestHandler
{
    private const string Ip = "ip";
    private static readonly string[] EntityTypes = [Ip, "user", "client-id"];

    private enum MatchType : sbyte
    {
        Exact = 0,
        Default = 1,
        Specified = 2,
    }

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new(Answer((DescribeClientQuotasRequest)request));

    private DescribeClientQuotasResponse Answer(DescribeClientQuotasRequest request)
    {
        // Null as a name is the default entity of its type.
        Dictionary<string, string?> exact = [];
        HashSet<string> anyName = [];
        foreach (DescribeClientQuotasRequest.ComponentData component in request.Components)
        {
            if (Add(component, exact, anyName) is { } refused)
            {
                return refused;
            }
        }

        if ((exact.ContainsKey(Ip) || anyName.Contains(Ip)) && exact.Count + anyName.Count > 1)
        {
            return Failure(ErrorCode.InvalidRequest, "Invalid entity filter component combination. IP filter component "
                + "should not be used with user or clientId filter component.");
        }

        DescribeClientQuotasResponse response = new() { Entries = [] };
        DescribeClientQuotasResponse.EntryData? entry = null;
        ImmutableArray<KeyValuePair<string, string?>> last = default;
        foreach ((QuotaKey key, double value) in image().ClientQuotas.Quotas)
        {
            if (!Matches(key, exact, anyName, request.Strict))
            {
                continue;
            }

            // The quotas of an entity follow one another.
            if (entry is null || !last.SequenceEqual(key.Entity))
            {
                last = key.Entity;
                entry = new()
                {
                    Entity = [.. key.Entity.Select(part => new DescribeClientQuotasResponse.EntityData
                {
                    EntityType = part.Key,
                    EntityName = part.Value,
                })]
                };
                response.Entries.Add(entry);
            }

            entry.Values.Add(new() { Key = key.Key, Value = value });
        }

        return response;
    }

    private static DescribeClientQuotasResponse? Add(
        DescribeClientQuotasRequest.ComponentData component, Dictionary<string, string?> exact,
        HashSet<string> anyName)
    {
        string type = component.EntityType;
        if (type.Length == 0)
        {
            return Failure(ErrorCode.InvalidRequest, "Invalid empty entity type.");
        }

        if (exact.ContainsKey(type) || anyName.Contains(type))
        {
            return Failure(
                ErrorCode.InvalidRequest, $"Entity type {type} cannot appear more than once in the filter.");
        }

        if (!EntityTypes.Contains(type))
        {
            return Failure(ErrorCode.UnsupportedVersion, $"Unsupported entity type {type}");
        }

        MatchType match = (MatchType)component.MatchType;
        if (match is not (MatchType.Exact or MatchType.Default or MatchType.Specified))
        {
            return Failure(ErrorCode.InvalidRequest, $"Unknown match type {component.MatchType}");
        }

        if ((match == MatchType.Exact) != (component.Match is not null))
        {
            return Failure(ErrorCode.InvalidRequest, match == MatchType.Exact
                ? "Request specified MATCH_TYPE_EXACT, but set match string to null."
                : $"Request specified MATCH_TYPE_{(match == MatchType.Default ? "DEFAULT" : "SPECIFIED")}, but also "
                    + "specified a match string.");
        }

        if (match == MatchType.Specified)
        {
            anyName.Add(type);
        }
        else
        {
            exact[type] = component.Match;
        }

        return null;
    }

    private static bool Matches(
        QuotaKey key, Dictionary<string, string?> exact, HashSet<string> anyName, bool isStrict)
    {
        if (isStrict && key.Entity.Length != exact.Count + anyName.Count)
        {
            return false;
        }

        return exact.All(wanted => key.Entity.Any(part => part.Key == wanted.Key && part.Value == wanted.Value))
            && anyName.All(wanted => key.Entity.Any(part => part.Key == wanted));
    }

    private static DescribeClientQuotasResponse Failure(ErrorCode error, string message) =>
        new() { ErrorCode = error, ErrorMessage = message, Entries = null };
}
