using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>Which clients are on this machine; in CI they are installed first.</summary>
internal static class Installed
{
    private const string KafkaJsVersion = "2.2.4";

    private static readonly Lazy<string?> KcatProblem = new(FindKcat);
    private static readonly Lazy<string?> KafkaJsProblem = new(FindKafkaJs);

    /// <summary>Why tests with kcat are skipped; null when it is there.</summary>
    public static string? Kcat => KcatProblem.Value;

    /// <summary>Why tests with KafkaJS are skipped; null when it is there.</summary>
    public static string? KafkaJs => KafkaJsProblem.Value;

    /// <summary>Where KafkaJS is installed: a folder that git ignores.</summary>
    public static string KafkaJsFolder { get; } = Repository.PathOf("artifacts", "kafkajs");

    private static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    private static string? FindKcat()
    {
        if (!Shell.Exists("kcat") && IsCi)
        {
            Shell.TryRun("apt-get", "update");
            Shell.TryRun("apt-get", "install -y --no-install-recommends kcat");
        }

        return Shell.Exists("kcat") ? null : "kcat is not installed (Debian's package kcat)";
    }

    private static string? FindKafkaJs()
    {
        if ((!Shell.Exists("node") || !Shell.Exists("npm")) && IsCi)
        {
            Shell.TryRun("apt-get", "update");
            Shell.TryRun("apt-get", "install -y --no-install-recommends nodejs npm");
        }

        if (!Shell.Exists("node") || !Shell.Exists("npm"))
        {
            return "KafkaJS is not installed (node and npm are missing)";
        }

        string installed = Path.Combine(KafkaJsFolder, "node_modules", "kafkajs", "package.json");
        if (!File.Exists(installed))
        {
            Directory.CreateDirectory(KafkaJsFolder);
            Shell.TryRun("npm", $"install --no-audit --no-fund --prefix . kafkajs@{KafkaJsVersion}", KafkaJsFolder);
        }

        return File.Exists(installed)
            ? null
            : $"KafkaJS is not installed (npm install kafkajs@{KafkaJsVersion} failed)";
    }
}
