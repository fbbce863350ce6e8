using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.Simulation.Disk;

/// <summary>
/// A machine's file system: the tree as processes see it, the tree as the platter has it, and the journal of changes in
/// between, of which a power loss keeps a prefix. Outlives the node's processes.
/// </summary>
internal sealed class SimDisk
{
    private static readonly (int LeastMs, int MostMs) UsualFlushDelay = (0, 4);
    private readonly List<Action<Tree>> _journal = [];
    private readonly Tree _durable = new();

    public Tree Now { get; private set; } = new();

    /// <summary>Writes and creations fail with "no space left" while this is set; deletions and reads go on.</summary>
    public bool IsFull { get; set; }

    /// <summary>So many of the next syncs fail.</summary>
    public int FailingFlushes { get; set; }

    /// <summary>How long a sync takes, in milliseconds at least and at most.</summary>
    public (int LeastMs, int MostMs) FlushDelay { get; set; } = UsualFlushDelay;

    /// <summary>Whether an operation has failed since the last <see cref="Heal"/>.</summary>
    public bool HasFailed { get; set; }

    /// <summary>A planted fault: syncs of files with this in their path do nothing.</summary>
    public string? NeverSynced { get; init; }

    /// <summary>Called when so many more changes have been made.</summary>
    public Action? PowerLost { get; set; }

    public int WritesUntilPowerLoss { get; set; }

    /// <summary>Counts a change towards <see cref="PowerLost"/>.</summary>
    public void CountWrite()
    {
        if (PowerLost is { } lost && --WritesUntilPowerLoss <= 0)
        {
            lost();
        }
    }

    /// <summary>The disk works as it should again.</summary>
    public void Heal()
    {
        IsFull = false;
        FailingFlushes = 0;
        FlushDelay = UsualFlushDelay;
        HasFailed = false;
    }

    public void Change(Action<Tree> change)
    {
        change(Now);
        _journal.Add(change);
    }

    /// <summary>Makes the changes of names durable (all of them: one journal serves the whole file system).</summary>
    public void SyncNames()
    {
        _journal.ForEach(change => change(_durable));
        _journal.Clear();
    }

    public void LoseProcess()
    {
        foreach (SimFile file in Now.Files.Values)
        {
            file.LoseProcess();
        }
    }

    public void LoseMachine(CrashLoss loss, Prng chance)
    {
        int kept = loss switch
        {
            CrashLoss.Everything => 0,
            CrashLoss.Nothing => _journal.Count,
            _ => chance.Below(_journal.Count + 1),
        };
        for (int i = 0; i < kept; i++)
        {
            _journal[i](_durable);
        }

        _journal.Clear();
        Now = _durable.Copy();
        foreach (SimFile file in Now.Files.Values)
        {
            file.LoseMachine(loss, chance);
        }
    }

    /// <summary>Directories and named files. Paths use forward slashes and have no trailing one.</summary>
    internal sealed class Tree
    {
        public SortedDictionary<string, SimFile> Files { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> Directories { get; } = new(StringComparer.Ordinal) { "", "/" };

        public static string Normalize(string path)
        {
            string trimmed = path.Replace('\\', '/').TrimEnd('/');
            return trimmed.Length == 0 ? "/" : trimmed;
        }

        public static string Parent(string path)
        {
            int slash = path.LastIndexOf('/');
            return slash <= 0 ? (slash == 0 ? "/" : "") : path[..slash];
        }

        public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

        public IEnumerable<string> FilesIn(string directory) =>
            Files.Keys.Where(file => Parent(file) == directory).Select(Name);

        public IEnumerable<string> DirectoriesIn(string directory) =>
            Directories.Where(child => child is not ("" or "/") && Parent(child) == directory).Select(Name);

        public void CreateDirectories(string path)
        {
            for (string at = path; at is not ("" or "/"); at = Parent(at))
            {
                Directories.Add(at);
            }
        }

        public void Rename(string from, string to)
        {
            if (Files.Remove(from, out SimFile? file))
            {
                Files[to] = file;
                return;
            }

            foreach (string inside in Files.Keys.Where(path => IsInside(path, from)).ToList())
            {
                Files.Remove(inside, out SimFile? moved);
                Files[to + inside[from.Length..]] = moved!;
            }

            foreach (string inside in Directories.Where(path => path == from || IsInside(path, from)).ToList())
            {
                Directories.Remove(inside);
                Directories.Add(to + inside[from.Length..]);
            }
        }

        public void DeleteDirectory(string path)
        {
            foreach (string inside in Files.Keys.Where(file => IsInside(file, path)).ToList())
            {
                Files.Remove(inside);
            }

            Directories.RemoveWhere(directory => directory == path || IsInside(directory, path));
        }

        public Tree Copy()
        {
            var copy = new Tree();
            foreach ((string path, SimFile file) in Files)
            {
                copy.Files[path] = file;
            }

            copy.Directories.UnionWith(Directories);
            return copy;
        }

        private static bool IsInside(string path, string directory) =>
            path.Length > directory.Length && path[directory.Length] == '/'
            && path.StartsWith(directory, StringComparison.Ordinal);
    }
}
