using System.Collections;
using System.CommandLine;
using KRaftSharp.Broker.Config;

namespace KRaftSharp.Cli.Server;

/// <summary>Where a node's configuration comes from: its file, over that the environment, over that --override.
/// </summary>
internal sealed class ServerConfigOptions
{
    private readonly Option<FileInfo?> _config = new("--config", "-c")
    {
        Description = "server.properties",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _overrides = new("--override")
    {
        Description = "A config that counts more than file and environment; may be given several times",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = static _ => [],
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_overrides);
    }

    public bool HasFile(ParseResult arguments) => arguments.GetValue(_config) is not null;

    /// <param name="defaults">What counts least.</param>
    /// <exception cref="NodeConfigException">Something is wrong with it.</exception>
    public NodeConfig Load(ParseResult arguments, IReadOnlyDictionary<string, string>? defaults = null)
    {
        Dictionary<string, string> properties =
            new(defaults ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (arguments.GetValue(_config) is { } file)
        {
            Put(properties, PropertiesText.Parse(ReadText(file)));
        }

        Put(properties, EnvironmentProperties.Parse(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""))));
        foreach (string entry in arguments.GetValue(_overrides)!)
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new NodeConfigException($"--override {entry}: it must be KEY=VALUE");
            }

            properties[entry[..equals].Trim()] = entry[(equals + 1)..];
        }

        return NodeConfig.Parse(properties);
    }

    private static string ReadText(FileInfo file)
    {
        try
        {
            return File.ReadAllText(file.FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NodeConfigException($"--config {file}: {error.Message}", error);
        }
    }

    private static void Put(Dictionary<string, string> properties, Dictionary<string, string> more)
    {
        foreach ((string key, string value) in more)
        {
            properties[key] = value;
        }
    }
}
