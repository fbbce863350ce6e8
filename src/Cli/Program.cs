using System.CommandLine;
using KRaftSharp.Cli;

RootCommand root = new("Kafka without ZooKeeper and without the JVM: the server and its tools")
{
    ServerCommand.Create(),
    StorageCommand.Create(),
    TopicsCommand.Create(),
    ProduceCommand.Create(),
    ConsumeCommand.Create(),
    QuorumCommand.Create(),
    DumpCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
