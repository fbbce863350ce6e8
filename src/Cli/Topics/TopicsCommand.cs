using System.CommandLine;

namespace KRaftSharp.Cli.Topics;

/// <summary><c>topics</c>: what can be done with topics, one command each.</summary>
internal static class TopicsCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command topics = new("topics", "Create, list, describe, alter and delete topics, and their records")
        {
            TopicsCreateCommand.Create(options),
            TopicsListCommand.Create(options),
            TopicsDescribeCommand.Create(options),
            TopicsAlterCommand.Create(options),
            TopicsDeleteCommand.Create(options),
            DeleteRecordsCommand.Create(options),
        };
        options.AddTo(topics);
        return topics;
    }
}
