using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>Which clients are on this machine; in CI they are installed first.</summary>
internal static class Installed
{
    private const string KafkaJsVersion = "2.2.4";
    private const string PlatformaticVersion = "1.35.0";

    private static readonly Lazy<string?> KcatProblem = new(FindKcat);
    private static readonly Lazy<string?> KafkaJsProblem = new(FindKafkaJs);
    private static readonly Lazy<string?> PlatformaticProblem = new(FindPlatformatic);
    private static readonly Lazy<string?> PythonProblem = new(FindPython);
    private static readonly Lazy<string?> PrometheusProblem = new(FindPrometheus);

    /// <summary>Why tests with kcat are skipped; null when it is there.</summary>
    public static string? Kcat => KcatProblem.Value;

    /// <summary>Why tests with KafkaJS are skipped; null when it is there.</summary>
    public static string? KafkaJs => KafkaJsProblem.Value;

    /// <summary>Why tests with @platformatic/kafka are skipped; null when it is there.</summary>
    public static string? Platformatic => PlatformaticProblem.Value;

    /// <summary>Why tests with confluent-kafka for Python are skipped; null when it is there.</summary>
    public static string? Python => PythonProblem.Value;

    /// <summary>Why tests with Prometheus and its promtool are skipped; null when they are there.</summary>
    public static string? Prometheus => PrometheusProblem.Value;

    /// <summary>Why tests with Kafka's Java client are skipped; null when it is there.</summary>
    public static string? Java => JavaClassPath is null || !Shell.Exists("java")
        ? "Kafka's Java client is not there (KRAFTSHARP_KAFKA_CLASSPATH names its jars, java runs them)"
        : null;

    /// <summary>Apache Kafka and the differential tester; null where they are not.</summary>
    public static string? PeersFolder { get; } = FindPeers();

    public static string? JavaClassPath { get; } =
        Environment.GetEnvironmentVariable("KRAFTSHARP_KAFKA_CLASSPATH")
        ?? (PeersFolder is null ? null : Path.Combine(PeersFolder, "kafka", "server", "*"));

    /// <summary>Why tests with the differential tester are skipped; null when it is there.</summary>
    public static string? Peers => PeersFolder is null || !Shell.Exists("java")
        ? "the differential tester is not there (KRAFTSHARP_PEERS names its folder, java runs it)"
        : null;

    /// <summary>Where KafkaJS is installed: a folder that git ignores.</summary>
    public static string KafkaJsFolder { get; } = Repository.PathOf("artifacts", "kafkajs");

    public static string PlatformaticFolder { get; } = Repository.PathOf("artifacts", "platformatic");

    /// <summary>Debian's Python, which has Debian's packages.</summary>
    public static string PythonProgram => "/usr/bin/python3";

    private static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    // Named, or beside the repository.
    private static string? FindPeers() => new[]
    {
        Environment.GetEnvironmentVariable("KRAFTSHARP_PEERS"),
        Repository.PathOf("..", "shared", "peers"),
    }.FirstOrDefault(Directory.Exists);

    private static string? FindKcat()
    {
        if (!Shell.Exists("kcat") && IsCi)
        {
            Shell.TryRun("apt-get", "update");
            Shell.TryRun("apt-get", "install -y --no-install-recommends kcat");
        }

        return Shell.Exists("kcat") ? null : "kcat is not installed (Debian's package kcat)";
    }

    private static string? FindPrometheus()
    {
        if (!Shell.Exists("promtool") && IsCi)
        {
            Shell.TryRun("apt-get", "update");
            Shell.TryRun("apt-get", "install -y --no-install-recommends prometheus");
        }

        return Shell.Exists("promtool") && Shell.Exists("prometheus")
            ? null
            : "Prometheus is not installed (Debian's package prometheus)";
    }

    private static string? FindKafkaJs() => FindNpm("kafkajs", KafkaJsVersion, KafkaJsFolder);

    private static string? FindPlatformatic() =>
        FindNpm("@platformatic/kafka", PlatformaticVersion, PlatformaticFolder);

    private static string? FindPython()
    {
        if (!HasPython() && IsCi)
        {
            Shell.TryRun("apt-get", "update");
            Shell.TryRun("apt-get", "install -y --no-install-recommends python3-confluent-kafka");
        }

        return HasPython() ? null : "confluent-kafka for Python is not installed (Debian's python3-confluent-kafka)";
    }

    private static bool HasPython() => Shell.TryRun(PythonProgram, "-c \"import confluent_kafka\"");

    private static string? FindNpm(string package, string version, string folder)
    {
        if ((!Shell.Exists("node") || !Shell.Exists("npm")) && IsCi)
        {
            Shell.TryRun("apt-get", "update");
            Shell.TryRun("apt-get", "install -y --no-install-recommends nodejs npm");
        }

        if (!Shell.Exists("node") || !Shell.Exists("npm"))
        {
            return $"{package} is not installed (node and npm are missing)";
        }

        string installed = Path.Combine(folder, "node_modules", package, "package.json");
        if (!File.Exists(installed))
        {
            Directory.CreateDirectory(folder);
            Shell.TryRun("npm", $"install --no-audit --no-fund --prefix . {package}@{version}", folder);
        }

        return File.Exists(installed) ? null : $"{package} is not installed (npm install {package}@{version} failed)";
    }
}
