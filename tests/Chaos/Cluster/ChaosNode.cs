using System.Diagnostics;

namespace KRaftSharp.Chaos.Cluster;

/// <summary>One node of the cluster: a process with a disk of its own.</summary>
internal sealed class ChaosNode(int id, IPlace place, ChaosOptions options)
{
    private const string DiskSize = "size=768m";
    private Process? _process;
    private bool _isMounted;

    public int Id => id;

    public bool IsRunning => _process is { HasExited: false };

    public string Address => $"{place.AddressOf(id)}:{place.BrokerPortOf(id)}";

    public string AdminUrl => $"http://{place.AddressOf(id)}:{place.AdminPortOf(id)}";

    /// <summary>False where no small file system could be mounted: then its disk cannot be filled.</summary>
    public bool HasOwnDisk => _isMounted;

    public string LogFile => Path.Combine(options.Report, $"node-{id}.log");

    private string Directory => Path.Combine(options.Data, $"{id}");

    private string ConfigFile => Path.Combine(options.Data, $"{id}.properties");

    private string Ballast => Path.Combine(Directory, "ballast");

    /// <summary>Writes its files and formats its disk.</summary>
    /// <param name="token">What the admin endpoint wants to hear.</param>
    public void Prepare(int count, string clusterId, string token)
    {
        System.IO.Directory.CreateDirectory(Directory);
        _isMounted = Shell.Try("mount", "-t", "tmpfs", "-o", DiskSize, "none", Directory);
        string voters = string.Join(',', Enumerable.Range(1, count).Select(
            voter => $"{voter}@{place.AddressOf(voter)}:{place.ControllerPortOf(voter)}"));
        string host = place.AddressOf(id);
        File.WriteAllLines(ConfigFile,
        [
            "process.roles=broker,controller",
            $"node.id={id}",
            $"controller.quorum.voters={voters}",
            $"listeners=PLAINTEXT://{host}:{place.BrokerPortOf(id)},CONTROLLER://{host}:{place.ControllerPortOf(id)}",
            "controller.listener.names=CONTROLLER",
            $"log.dirs={Directory}/log",
            "default.replication.factor=3",
            "offsets.topic.replication.factor=3",
            "transaction.state.log.replication.factor=3",
            "min.insync.replicas=2",
            "log.segment.bytes=16777216",
            "log.index.size.max.bytes=262144",
            "offsets.topic.num.partitions=4",
            $"kraftsharp.admin.listeners={AdminUrl}",
            $"kraftsharp.admin.tokens=reader:{token}",
        ]);
        Shell.Do([.. options.Tool, "storage", "format", "--cluster-id", clusterId, "--config", ConfigFile]);
    }

    /// <param name="clockAheadSeconds">How far its monotonic clock is ahead of the others' (a time namespace).</param>
    public void Start(long clockAheadSeconds = 0)
    {
        string[] clock = clockAheadSeconds == 0 ? []
            : ["unshare", "--time", "--monotonic", $"{clockAheadSeconds}", "--boottime", $"{clockAheadSeconds}", "--"];
        string[] command = [.. place.PrefixOf(id), .. clock, .. options.Tool, "server", "--config", ConfigFile];
        ProcessStartInfo start = new("/bin/sh", ["-c", $"exec \"$@\" >>'{LogFile}' 2>&1", "sh", .. command]);
        _process = Process.Start(start);
    }

    public void Kill() => Signal("KILL");

    public void Pause() => Signal("STOP");

    public void Continue() => Signal("CONT");

    /// <summary>Asks it to stop in order; false when it has not within that time.</summary>
    public bool Stop(TimeSpan limit)
    {
        Signal("TERM");
        return _process is null || _process.WaitForExit(limit);
    }

    public void FillDisk() =>
        Shell.Try("sh", "-c", $"dd if=/dev/zero of='{Ballast}' bs=1M >/dev/null 2>&1; test -s '{Ballast}'");

    public void FreeDisk() => File.Delete(Ballast);

    public void Remove(bool keepsData)
    {
        if (IsRunning)
        {
            Continue();
            Kill();
            _process!.WaitForExit();
        }

        if (_isMounted && !keepsData)
        {
            Shell.Try("umount", Directory);
        }
    }

    private void Signal(string name)
    {
        if (IsRunning)
        {
            Shell.Try("kill", $"-{name}", $"{_process!.Id}");
            if (name == "KILL")
            {
                _process.WaitForExit();
            }
        }
    }
}
