using System.CommandLine;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Security;

/// <summary>The options that say which ACLs are meant.</summary>
internal sealed class AclOptions
{
    private const string Everyone = "User:*";

    private readonly Option<string[]> _topics = new("--topic") { Description = "A topic, * for all; repeatable" };

    private readonly Option<string[]> _groups = new("--group") { Description = "A group, * for all; repeatable" };

    private readonly Option<string[]> _transactions = new("--transactional-id")
    {
        Description = "A transactional id, * for all; repeatable",
    };

    private readonly Option<string[]> _tokens = new("--delegation-token") { Description = "A token's id; repeatable" };

    private readonly Option<bool> _cluster = new("--cluster") { Description = "The cluster itself" };

    private readonly Option<bool> _prefixed = new("--prefixed") { Description = "Names are beginnings of names" };

    private readonly Option<string[]> _principals = new("--principal")
    {
        Description = $"Such as User:alice; {Everyone} for everyone; repeatable",
    };

    private readonly Option<AclOperation[]> _operations = new("--operation")
    {
        Description = "read, write, create, delete, alter, describe, all, ...; repeatable",
    };

    private readonly Option<string[]> _hosts = new("--host") { Description = "A client's address; repeatable" };

    private readonly Option<bool> _deny = new("--deny") { Description = "Deny, not allow" };

    public static string Word(Enum value)
    {
        string name = value.ToString();
        return string.Concat(name.Select((letter, i) => char.IsUpper(letter)
            ? (i == 0 ? "" : "-") + char.ToLowerInvariant(letter)
            : letter.ToString()));
    }

    public void AddTo(Command command)
    {
        command.Add(_topics);
        command.Add(_groups);
        command.Add(_transactions);
        command.Add(_tokens);
        command.Add(_cluster);
        command.Add(_prefixed);
        command.Add(_principals);
        command.Add(_operations);
        command.Add(_hosts);
        command.Add(_deny);
    }

    /// <summary>Every combination of what was given.</summary>
    public AclBinding[] Bindings(ToolContext context)
    {
        (AclResourceType Type, string Name)[] resources = Resources(context);
        string[] principals = context.Value(_principals) ?? [];
        AclOperation[] operations = context.Value(_operations) ?? [];
        if (resources.Length == 0 || principals.Length == 0 || operations.Length == 0)
        {
            throw new ArgumentException(
                "say what, who and how: a resource (--topic, --group, --transactional-id, --delegation-token or "
                + "--cluster), --principal and --operation");
        }

        foreach (string principal in principals)
        {
            KafkaPrincipal.Parse(principal);
        }

        return [.. from resource in resources
                   from principal in principals
                   from operation in operations
                   from host in context.Value(_hosts) is { Length: > 0 } hosts ? hosts : ["*"]
                   select new AclBinding(resource.Type, resource.Name, principal, operation)
                   {
                       PatternType = context.Value(_prefixed) ? AclPatternType.Prefixed : AclPatternType.Literal,
                       Host = host,
                       Permission = context.Value(_deny) ? AclPermission.Deny : AclPermission.Allow,
                   }];
    }

    /// <summary>Every combination of what was given; what was not matches anything.</summary>
    public AclFilter[] Filters(ToolContext context)
    {
        (AclResourceType Type, string? Name)[] resources =
            [.. Resources(context).Select(one => (one.Type, (string?)one.Name))];
        (AclResourceType Type, string? Name)[] any = [(AclResourceType.Any, null)];
        return [.. from resource in resources.Length > 0 ? resources : any
                   from principal in OrAny(context.Value(_principals))
                   from operation in context.Value(_operations) is { Length: > 0 } some ? some : [AclOperation.Any]
                   from host in OrAny(context.Value(_hosts))
                   select new AclFilter
                   {
                       ResourceType = resource.Type,
                       ResourceName = resource.Name,
                       PatternType = context.Value(_prefixed) ? AclPatternType.Prefixed : AclPatternType.Any,
                       Principal = principal,
                       Host = host,
                       Operation = operation,
                       Permission = context.Value(_deny) ? AclPermission.Deny : AclPermission.Any,
                   }];
    }

    private static IEnumerable<string?> OrAny(string?[]? given) => given is { Length: > 0 } ? given : [null];

    private (AclResourceType Type, string Name)[] Resources(ToolContext context) =>
    [
        .. Named(context, AclResourceType.Topic, _topics), .. Named(context, AclResourceType.Group, _groups),
        .. Named(context, AclResourceType.TransactionalId, _transactions),
        .. Named(context, AclResourceType.DelegationToken, _tokens),
        .. context.Value(_cluster) ? [(AclResourceType.Cluster, AclBinding.ClusterName)]
            : Array.Empty<(AclResourceType, string)>(),
    ];

    private static IEnumerable<(AclResourceType, string)> Named(
        ToolContext context, AclResourceType type, Option<string[]> option) =>
        (context.Value(option) ?? []).Select(name => (type, name));
}
