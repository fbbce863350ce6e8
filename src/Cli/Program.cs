using System.CommandLine;
using KRaftSharp.Cli;

RootCommand root = new("Kafka without ZooKeeper and without the JVM: the server and its tools")
{
    TopicsCommand.Create(),
    ProduceCommand.Create(),
    ConsumeCommand.Create(),
    QuorumCommand.Create(),
    DumpCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
