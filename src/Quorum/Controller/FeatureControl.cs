using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>UpdateFeatures (KIP-584, KIP-778): all updates of a request, or none.</summary>
internal sealed class FeatureControl(ControllerState state)
{
    private const string MinInsyncReplicas = "min.insync.replicas";

    private enum UpgradeType
    {
        Unknown = 0,
        Upgrade = 1,
        SafeDowngrade = 2,
        UnsafeDowngrade = 3,
    }

    /// <summary>Version 0 says only whether a downgrade is allowed; up to version 1 each feature is answered.</summary>
    public Decision Update(UpdateFeaturesRequest request, short version)
    {
        UpdateFeaturesResponse response = new() { ErrorMessage = null };
        List<VersionedRecord> records = [];
        short? kraftVersion = null;
        foreach (UpdateFeaturesRequest.FeatureUpdateKey update in request.FeatureUpdates)
        {
            if (Check(update, TypeOf(update, version)) is { } reason)
            {
                response.ErrorCode = ErrorCode.InvalidUpdateVersion;
                response.ErrorMessage = "The update failed for all features since the following feature had an error: "
                    + reason;
                return Decision.Answer(response);
            }

            if (update.Feature == KnownFeatures.KRaftVersion)
            {
                kraftVersion = update.MaxVersionLevel == LevelOf(update.Feature) ? null : update.MaxVersionLevel;
            }
            else if (update.MaxVersionLevel != LevelOf(update.Feature))
            {
                records.Add(new VersionedRecord(
                    new FeatureLevelRecord { Name = update.Feature, FeatureLevel = update.MaxVersionLevel }, 0));
                if (update.Feature == KnownFeatures.ElrVersion && update.MaxVersionLevel > 0)
                {
                    AddElrSafety(records);
                }
                else if (update.Feature == KnownFeatures.ElrVersion)
                {
                    records.Add(new VersionedRecord(new ClearElrRecord(), 0));
                }
            }
        }

        if (version <= 1)
        {
            response.Results =
            [
                .. request.FeatureUpdates.Select(update =>
                    new UpdateFeaturesResponse.UpdatableFeatureResult { Feature = update.Feature }),
            ];
        }

        return new Decision(request.ValidateOnly ? [] : records, response) { KRaftVersion = kraftVersion };
    }

    /// <summary>
    /// With eligible leader replicas min.insync.replicas must be the same for all brokers: the cluster's default is
    /// set, those of single brokers are removed.
    /// </summary>
    public void AddElrSafety(List<VersionedRecord> records)
    {
        if (!state.Image.Configs.For(ConfigResource.DefaultBroker).ContainsKey(MinInsyncReplicas))
        {
            records.Add(Config("", state.Configs.BrokerValue(state.Image.Configs, MinInsyncReplicas)));
        }

        foreach ((ConfigResource resource, ConfigSet configs) in state.Image.Configs.Resources)
        {
            if (resource is { Type: ConfigResourceType.Broker, IsDefault: false }
                && configs.Values.ContainsKey(MinInsyncReplicas))
            {
                records.Add(Config(resource.Name, null));
            }
        }
    }

    private static VersionedRecord Config(string broker, string? value) => new(
        new ConfigRecord
        {
            ResourceType = (sbyte)ConfigResourceType.Broker,
            ResourceName = broker,
            Name = MinInsyncReplicas,
            Value = value,
        },
        0);

    private static UpgradeType TypeOf(UpdateFeaturesRequest.FeatureUpdateKey update, short version) => version switch
    {
        0 => update.AllowDowngrade ? UpgradeType.SafeDowngrade : UpgradeType.Upgrade,
        _ when update.UpgradeType is >= 1 and <= 3 => (UpgradeType)update.UpgradeType,
        _ => UpgradeType.Unknown,
    };

    private short LevelOf(string feature) => feature switch
    {
        MetadataVersion.FeatureName => state.MetadataVersion.Level,
        KnownFeatures.KRaftVersion => state.KRaftVersion(),
        _ => state.Image.Features.LevelOf(feature),
    };

    /// <summary>Why an update cannot be, in Kafka's words; null when it can.</summary>
    private string? Check(UpdateFeaturesRequest.FeatureUpdateKey update, UpgradeType type)
    {
        if (WhyInvalid(update, type) is { } invalid)
        {
            return $"Invalid update version {update.MaxVersionLevel} for feature {update.Feature}. {invalid}";
        }

        return update.Feature == MetadataVersion.FeatureName
            && CheckMetadataVersion(update.MaxVersionLevel, type) is { } refusal
            ? $"Unsupported metadata.version downgrade from {state.MetadataVersion.Level} to "
                + $"{update.MaxVersionLevel}. {refusal}"
            : null;
    }

    private string? WhyInvalid(UpdateFeaturesRequest.FeatureUpdateKey update, UpgradeType type)
    {
        short level = update.MaxVersionLevel;
        if (type == UpgradeType.Unknown)
        {
            return "The controller does not support the given upgrade type.";
        }

        if (level < 0)
        {
            return "A feature version cannot be less than 0.";
        }

        if (CheckSupport(update.Feature, level) is { } reason)
        {
            return reason;
        }

        short current = LevelOf(update.Feature);
        if (level < current && type == UpgradeType.Upgrade)
        {
            return "Can't downgrade the version of this feature without setting the upgrade type to either safe or "
                + "unsafe downgrade.";
        }

        if (level > current && type != UpgradeType.Upgrade)
        {
            return "Can't downgrade to a newer version.";
        }

        return update.Feature switch
        {
            KnownFeatures.KRaftVersion => level < current ? "Can't downgrade the version of this feature." : null,
            MetadataVersion.FeatureName => null,
            _ => CheckDependency(update.Feature, level),
        };
    }

    private string? CheckSupport(string name, short level)
    {
        string self = $"Local controller {state.Settings.NodeId}";
        if (!KnownFeatures.TryGet(name, out FeatureDefinition? known))
        {
            return $"{self} does not support this feature.";
        }

        if (!known.Supported.Contains(level))
        {
            return $"{self} only supports versions {known.Supported}";
        }

        foreach (BrokerRegistration broker in state.Image.Cluster.Brokers.Values)
        {
            if (Unsupported($"Broker {broker.Id}", broker.Features, name, level) is { } reason)
            {
                return reason;
            }
        }

        foreach (ControllerRegistration controller in state.Image.Cluster.Controllers.Values)
        {
            if (controller.Id != state.Settings.NodeId
                && Unsupported($"Controller {controller.Id}", controller.Features, name, level) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? Unsupported(
        string who, IReadOnlyDictionary<string, VersionRange> features, string name, short level)
    {
        if (level == 0)
        {
            return null;
        }

        if (!features.TryGetValue(name, out VersionRange range))
        {
            return $"{who} does not support this feature.";
        }

        return range.Contains(level) ? null : $"{who} only supports versions {range}";
    }

    private string? CheckMetadataVersion(short level, UpgradeType type)
    {
        MetadataVersion target = new(level);
        if (target >= state.MetadataVersion || !MetadataVersion.MetadataChangedBetween(target, state.MetadataVersion))
        {
            return null;
        }

        return type == UpgradeType.UnsafeDowngrade
            ? "Unsafe metadata downgrade is not supported in this version."
            : "Refusing to perform the requested downgrade because it might delete metadata information.";
    }

    private string? CheckDependency(string name, short level)
    {
        KnownFeatures.TryGet(name, out FeatureDefinition? known);
        return known!.Requires.TryGetValue(level, out MetadataVersion needed) && state.MetadataVersion < needed
            ? $"{name}={level} requires {MetadataVersion.FeatureName} to be at least {needed.Level}"
            : null;
    }
}
