namespace KRaftSharp.Broker.Config;

/// <summary>What must hold between keys; each message names the key, its value and what is allowed.</summary>
internal static class NodeConfigRules
{
    public static void Check(NodeConfig config)
    {
        Require(config.IsBroker || config.IsController, config, "process.roles", "broker, controller or both");
        Require(config.NodeId >= 0, config, "node.id", "[0,...]");
        Require(config.Listeners.Count > 0, config, "listeners", "at least one NAME://host:port");
        Require(config.ControllerListenerNames.Count > 0, config, "controller.listener.names", "at least one name");
        CheckQuorum(config);
        bool hasController = config.Listeners.Any(listener => config.IsControllerListener(listener.Name));
        Require(hasController == config.IsController, config, "listeners", config.IsController
            ? $"must contain one of controller.listener.names ({string.Join(", ", config.ControllerListenerNames)})"
            : "must not contain a controller's listener on a broker");
        if (config.IsBroker)
        {
            Require(config.Listeners.Any(listener => listener.Name == config.InterBrokerListener
                && !config.IsControllerListener(listener.Name)), config, "listeners",
                $"must contain the listener between brokers ({config.InterBrokerListener})");
        }

        Require(config.Listeners.DistinctBy(listener => listener.Name).Count() == config.Listeners.Count, config,
            "listeners", "each name once");
        foreach (ListenerAddress listener in config.AdvertisedListeners)
        {
            Require(config.Listeners.Any(other => other.Name == listener.Name), config, "advertised.listeners",
                $"{listener.Name} is not among listeners");
        }

        if (GroupConfigRules.WhyInvalid(config) is { } reason)
        {
            throw new NodeConfigException(reason);
        }
    }

    private static void CheckQuorum(NodeConfig config)
    {
        if (config.Voters.Count == 0 && config.BootstrapServers.Count == 0)
        {
            throw new NodeConfigException(
                "If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap "
                + "controllers or controller.quorum.voters must contain a parseable set of controllers.");
        }

        if (config.Voters.Count > 0)
        {
            bool isVoter = config.Voters.Any(voter => voter.NodeId == config.NodeId);
            Require(isVoter == config.IsController, config, "controller.quorum.voters", config.IsController
                ? $"must name node {config.NodeId}, which is a controller"
                : $"must not name node {config.NodeId}, which is no controller");
        }

        if (config.GetBool("controller.quorum.auto.join.enable") && !config.IsController)
        {
            throw new NodeConfigException("controller.quorum.auto.join.enable is only supported when process.roles "
                + "contains the 'controller' role.");
        }
    }

    private static void Require(bool holds, NodeConfig config, string key, string allowed)
    {
        if (!holds)
        {
            string value = config.Properties.GetValueOrDefault(key) ?? "(not set)";
            throw new NodeConfigException($"Invalid value {value} for configuration {key}: {allowed}");
        }
    }
}
