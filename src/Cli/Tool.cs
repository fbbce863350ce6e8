using System.CommandLine;
using KRaftSharp.Cli.Cluster;
using KRaftSharp.Cli.Configs;
using KRaftSharp.Cli.Dump;
using KRaftSharp.Cli.Groups;
using KRaftSharp.Cli.Partitions;
using KRaftSharp.Cli.Perf;
using KRaftSharp.Cli.Records;
using KRaftSharp.Cli.Security;
using KRaftSharp.Cli.Server;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Cli.Transactions;

namespace KRaftSharp.Cli;

/// <summary>The program: all its commands.</summary>
internal static class Tool
{
    public static RootCommand CreateRoot()
    {
        ClusterOptions options = new();
        return new RootCommand("Kafka without ZooKeeper and without the JVM: the server and its tools")
        {
            ServerCommand.Create(),
            StorageCommand.Create(),
            TopicsCommand.Create(options),
            ConfigsCommand.Create(options),
            ProduceCommand.Create(options),
            ConsumeCommand.Create(options),
            GroupsCommand.Create(options),
            PartitionsCommand.Create(options),
            ClusterCommand.Create(options),
            QuorumCommand.Create(options),
            FeaturesCommand.Create(options),
            UsersCommand.Create(options),
            AclsCommand.Create(options),
            QuotasCommand.Create(options),
            TokensCommand.Create(options),
            TransactionsCommand.Create(options),
            PerfCommand.Create(options),
            DumpCommand.Create(options),
            CompletionCommand.Create(),
            ApisCommand.Create(options),
        };
    }
}
