using KRaftSharp.Cli;

ToolConfiguration invocation = ToolConfiguration.OfProcess();
// The server ends in its own time: it hands leadership over and closes its logs.
if (args is ["server", ..])
{
    invocation.ProcessTerminationTimeout = null;
}

return await Tool.CreateRoot().Parse(args).InvokeAsync(invocation);
