using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace KRaftSharp.Tests.Interop.Cluster;

/// <summary>A member of a group as a process of its own: it prints "partition, offset, key, value" for each record,
/// tabs between.</summary>
internal sealed class MemberProcess : IDisposable
{
    private const int Sigterm = 15;

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    public MemberProcess(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Repository.Root,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Split('\t', 3) is [var partition, var offset, var record])
            {
                Records.TryAdd((partition, offset), record);
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has printed, by partition and offset.</summary>
    public ConcurrentDictionary<(string Partition, string Offset), string> Records { get; } = [];

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM: it commits and leaves.</summary>
    public async Task StopAsync()
    {
        _ = SendSignal(_process.Id, Sigterm);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"a member did not leave: {this}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    public override string ToString()
    {
        lock (_errors)
        {
            return $"{Records.Count} records, {_errors}";
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
