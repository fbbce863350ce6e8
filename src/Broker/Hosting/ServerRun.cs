using System.Runtime.InteropServices;
using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Assertions;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Hosting;

/// <summary>A server from its start to SIGTERM, as a process runs it.</summary>
public static class ServerRun
{
    private const int Failed = 1;
    private const int Faulted = 70;
    private const int LeastThreads = 16;
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Returns the process's exit code.</summary>
    public static async Task<int> RunAsync(NodeConfig config, LogLevel level)
    {
        // Small requests are answered on the thread that sees them come, without waking another; what takes longer
        // leaves that thread (SocketThread, Strand).
        Environment.SetEnvironmentVariable(
            InlineCompletions, Environment.GetEnvironmentVariable(InlineCompletions) ?? "1");
        // Writes may wait for the disk when the page cache is full of them: that must not hold up the rest.
        ThreadPool.SetMinThreads(LeastThreads, LeastThreads);
        TextWriter output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()));
        LogLevels levels = new(level);
        using LineLoggerFactory loggers = new(output, levels, TimeProvider.System);
        ILogger logger = loggers.CreateLogger("kraftsharp.server");
        foreach (string key in config.UnknownKeys)
        {
            BrokerLog.UnknownConfig(logger, key);
        }

        TaskCompletionSource<string> stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        try
        {
            KafkaServer server = new(config, loggers, error => Die(logger, config.NodeId, error), levels);
            Task start = server.StartAsync();
            if (await Task.WhenAny(start, stop.Task) == start)
            {
                await start;
                BrokerLog.ServerStarted(logger, config.NodeId);
            }

            BrokerLog.ServerStopping(logger, config.NodeId, await stop.Task);
            await server.DisposeAsync();
            BrokerLog.ServerStopped(logger, config.NodeId);
            return 0;
        }
        catch (Exception error) when (error is NodeConfigException or Log.Storage.StorageException)
        {
            BrokerLog.ServerFailed(logger, error.Message);
            return Failed;
        }

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult(context.Signal.ToString());
        }
    }

    /// <summary>A broken invariant or a lost disk: end at once, rather than serve wrong data.</summary>
    private static void Die(ILogger logger, int nodeId, Exception error)
    {
        BrokerLog.ServerFaulted(logger, nodeId, error.GetType().Name, error);
        BrokerLog.ServerEnded(logger, nodeId, error is InvariantViolationException ? error.Message : error.ToString());
        Environment.Exit(Faulted);
    }
}
