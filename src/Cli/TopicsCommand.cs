using System.CommandLine;

namespace KRaftSharp.Cli;

/// <summary><c>topics</c>: what can be done with topics, one command each.</summary>
internal static class TopicsCommand
{
    public static Command Create() => new("topics", "Create, list, describe, alter and delete topics")
    {
        TopicsCreateCommand.Create(),
        TopicsListCommand.Create(),
        TopicsDescribeCommand.Create(),
        TopicsAlterCommand.Create(),
        TopicsDeleteCommand.Create(),
    };
}
