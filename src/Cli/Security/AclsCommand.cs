using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Security;

/// <summary><c>acls</c>: who may do what.</summary>
internal static class AclsCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command acls = new("acls", "Who may do what with which resource")
        {
            List(options), Add(options), Remove(options),
        };
        options.AddTo(acls);
        return acls;
    }

    private static Command List(ClusterOptions options)
    {
        AclOptions what = new();
        Command list = new("list", "List ACLs; all, or those that the options match");
        what.AddTo(list);
        list.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            HashSet<AclBinding> found = [];
            foreach (AclFilter filter in what.Filters(context))
            {
                found.UnionWith(await admin.Acls.DescribeAsync(filter, cancellation));
            }

            context.Screen.Show(Show(found));
            return 0;
        });
        return list;
    }

    private static Command Add(ClusterOptions options)
    {
        AclOptions what = new();
        Command add = new("add", "Allow (or --deny) principals to do operations on resources");
        what.AddTo(add);
        add.Run(options, async (context, cancellation) =>
        {
            AclBinding[] acls = what.Bindings(context);
            await using KafkaAdmin admin = context.Admin();
            ChangeLog changes = new();
            foreach ((AclBinding acl, Outcome outcome) in await admin.Acls.CreateAsync(acls, cancellation))
            {
                changes.Add(outcome, $"added: {Words(acl)}", Fields(acl));
            }

            return context.Finish(changes);
        });
        return add;
    }

    private static Command Remove(ClusterOptions options)
    {
        AclOptions what = new();
        Option<bool> execute = new("--execute") { Description = "Do it; else it is only shown" };
        Command remove = new("remove", "Remove the ACLs that the options match; a dry run by default") { execute };
        what.AddTo(remove);
        remove.Run(options, async (context, cancellation) =>
        {
            AclFilter[] filters = what.Filters(context);
            await using KafkaAdmin admin = context.Admin();
            if (!context.Value(execute))
            {
                HashSet<AclBinding> found = [];
                foreach (AclFilter filter in filters)
                {
                    found.UnionWith(await admin.Acls.DescribeAsync(filter, cancellation));
                }

                context.Screen.Show(Show(found));
                context.Complain("nothing was removed: add --execute to do it");
                return 0;
            }

            ChangeLog changes = new();
            foreach (Outcome<IReadOnlyList<AclBinding>> outcome in
                (await admin.Acls.DeleteAsync(filters, cancellation)).Values)
            {
                foreach (AclBinding acl in outcome.Value)
                {
                    changes.Done($"removed: {Words(acl)}", Fields(acl));
                }
            }

            return context.Finish(changes);
        });
        return remove;
    }

    private static Report Show(IEnumerable<AclBinding> acls)
    {
        Report report = new("principal", "permission", "operation", "resource", "name", "pattern", "host")
        {
            Empty = "no ACL matches",
        };
        foreach (AclBinding acl in acls.OrderBy(acl => acl.ResourceType).ThenBy(
            acl => acl.ResourceName, StringComparer.Ordinal).ThenBy(acl => acl.Principal, StringComparer.Ordinal)
            .ThenBy(acl => acl.Operation))
        {
            report.Add(
                acl.Principal,
                ((Cell)AclOptions.Word(acl.Permission)).As(
                    acl.Permission == AclPermission.Deny ? Tone.Bad : Tone.Good),
                AclOptions.Word(acl.Operation), AclOptions.Word(acl.ResourceType), acl.ResourceName,
                AclOptions.Word(acl.PatternType), acl.Host);
        }

        return report;
    }

    private static string Words(AclBinding acl) =>
        $"{acl.Principal} {AclOptions.Word(acl.Permission)} {AclOptions.Word(acl.Operation)} on "
        + $"{AclOptions.Word(acl.ResourceType)} {acl.ResourceName}"
        + (acl.PatternType == AclPatternType.Prefixed ? "..." : "") + (acl.Host == "*" ? "" : $" from {acl.Host}");

    private static (string, Cell)[] Fields(AclBinding acl) =>
    [
        ("principal", acl.Principal), ("permission", AclOptions.Word(acl.Permission)),
        ("operation", AclOptions.Word(acl.Operation)), ("resource", AclOptions.Word(acl.ResourceType)),
        ("name", acl.ResourceName), ("pattern", AclOptions.Word(acl.PatternType)), ("host", acl.Host),
    ];
}
