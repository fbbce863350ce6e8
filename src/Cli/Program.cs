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
    ApisCommand.Create(),
};

// The server ends in its own time: it hands leadership over and closes its logs.
InvocationConfiguration invocation = new();
if (args is ["server", ..])
{
    invocation.ProcessTerminationTimeout = null;
}

return await root.Parse(args).InvokeAsync(invocation);
