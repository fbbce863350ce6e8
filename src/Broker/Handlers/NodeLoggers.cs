using System.Globalization;
using KRaftSharp.Broker.Config;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Handlers;

/// <summary>The resource BROKER_LOGGER: this node's loggers, described and given levels (KIP-412).</summary>
internal sealed class NodeLoggers(LogLevels levels, int nodeId, ILogger logger)
{
    /// <summary>The loggers as configs, or why they are not shown.</summary>
    public ConfigError Describe(
        DescribeConfigsRequest.DescribeConfigsResource asked, DescribeConfigsResponse.DescribeConfigsResult result)
    {
        if (asked.ResourceName.Length == 0)
        {
            return ConfigError.InvalidRequest("Broker id must not be empty");
        }

        if (!TryParseId(asked.ResourceName, out int id))
        {
            return ConfigError.InvalidRequest($"Broker id must be an integer, but it is: {asked.ResourceName}");
        }

        if (id != nodeId)
        {
            return ConfigError.InvalidRequest(
                $"Unexpected broker id, expected {nodeId} but received {asked.ResourceName}");
        }

        foreach ((string name, string level) in levels.All)
        {
            if (asked.ConfigurationKeys is not { Count: > 0 } wanted || wanted.Contains(name))
            {
                result.Configs.Add(new DescribeConfigsResponse.DescribeConfigsResourceResult
                {
                    Name = name,
                    Value = level,
                    ConfigSource = (sbyte)ConfigSource.DynamicBrokerLogger,
                    Documentation = "",
                });
            }
        }

        return ConfigError.None;
    }

    /// <summary>Checks all changes, then makes them, unless they are only to be checked.</summary>
    public ConfigError Alter(ConfigAlteration alteration, bool validateOnly)
    {
        string name = alteration.Resource.Name;
        if (!TryParseId(name, out int id))
        {
            return ConfigError.InvalidRequest($"Node id must be an integer, but it is: {name}");
        }

        if (id != nodeId)
        {
            return ConfigError.InvalidRequest($"Unexpected node id. Expected {nodeId}, but received {name}");
        }

        foreach (ConfigChange change in alteration.Changes)
        {
            if (Check(change) is { IsFailure: true } refused)
            {
                return refused;
            }
        }

        if (validateOnly)
        {
            return ConfigError.None;
        }

        foreach (ConfigChange change in alteration.Changes)
        {
            if (change.Operation == ConfigOperation.Set)
            {
                levels.Set(change.Name, LogLevels.Parse(change.Value)!.Value);
            }
            else
            {
                levels.Unset(change.Name);
            }

            BrokerLog.LogLevelChanged(logger, nodeId, change.Name, change.Value ?? "(unset)");
        }

        return ConfigError.None;
    }

    /// <summary>The answer of a controller's own listener: loggers are set here, everything else is not its matter.
    /// </summary>
    public IncrementalAlterConfigsResponse.AlterConfigsResourceResponse Answer(
        IncrementalAlterConfigsRequest.AlterConfigsResource asked, bool validateOnly)
    {
        ConfigAlteration alteration = ConfigAlteration.Of(asked);
        ConfigError error = ConfigChecks.CheckForm(alteration);
        error = error.IsFailure ? error : Alter(alteration, validateOnly);
        return new()
        {
            ResourceType = (sbyte)ConfigResourceType.BrokerLogger,
            ResourceName = asked.ResourceName,
            ErrorCode = error.Code,
            ErrorMessage = error.Message,
        };
    }

    private static bool TryParseId(string text, out int id) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id);

    private ConfigError Check(ConfigChange change)
    {
        if (change.Operation is ConfigOperation.Append or ConfigOperation.Subtract)
        {
            string operation = change.Operation == ConfigOperation.Append ? "APPEND" : "SUBTRACT";
            return ConfigError.InvalidRequest(
                $"{operation} operation is not allowed for the BROKER_LOGGER resource");
        }

        if (change.Operation is not (ConfigOperation.Set or ConfigOperation.Delete))
        {
            return ConfigError.InvalidRequest(
                $"Unknown operation type {(sbyte)change.Operation} is not allowed for the BROKER_LOGGER resource");
        }

        if (!levels.Exists(change.Name))
        {
            return ConfigError.InvalidConfig($"Logger {change.Name} does not exist!");
        }

        if (change.Operation == ConfigOperation.Set)
        {
            return LogLevels.Parse(change.Value) is not null
                ? ConfigError.None
                : ConfigError.InvalidConfig(
                    $"Cannot set the log level of {change.Name} to {change.Value} as it is not a supported log level."
                    + $" Valid log levels are {string.Join(", ", LogLevels.Names)}");
        }

        return change.Name == LogLevels.Root
            ? ConfigError.InvalidRequest($"Removing the log level of the {LogLevels.Root} logger is not allowed")
            : ConfigError.None;
    }
}
