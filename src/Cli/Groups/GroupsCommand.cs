using System.CommandLine;

namespace KRaftSharp.Cli.Groups;

/// <summary><c>groups</c>: groups of every type and their offsets.</summary>
internal static class GroupsCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command groups = new("groups", "Groups of every type: members, lag, offsets")
        {
            GroupsListCommand.Create(options),
            GroupsDescribeCommand.Create(options),
            ResetOffsetsCommand.Create(options),
            GroupsDeleteCommand.Create(options),
            DeleteOffsetsCommand.Create(options),
            RemoveMembersCommand.Create(options),
        };
        options.AddTo(groups);
        return groups;
    }
}
