using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Registration of brokers and controllers.</summary>
internal sealed class ClusterControl(ControllerState state, BrokerSessions sessions, PartitionControl partitions)
{
    /// <summary>None when the broker is registered with this epoch.</summary>
    public ErrorCode CheckEpoch(int brokerId, long epoch) =>
        state.Image.Cluster.Broker(brokerId) is { } broker && broker.Epoch == epoch
            ? ErrorCode.None
            : ErrorCode.StaleBrokerEpoch;

    /// <param name="nextOffset">Where the next record goes: a new incarnation's epoch.</param>
    public Decision Register(BrokerRegistrationRequest request, long nextOffset, long nowMs)
    {
        BrokerRegistration? existing = state.Image.Cluster.Broker(request.BrokerId);
        ErrorCode error = Check(request, existing, nowMs);
        if (error != ErrorCode.None)
        {
            return Decision.Answer(new BrokerRegistrationResponse { ErrorCode = error });
        }

        bool isSameIncarnation = existing?.IncarnationId == request.IncarnationId;
        List<VersionedRecord> records = [];
        RegisterBrokerRecord record = ToRecord(request, state.MetadataVersion);
        if (isSameIncarnation)
        {
            record.BrokerEpoch = existing!.Epoch;
            record.Fenced = existing.IsFenced;
            record.InControlledShutdown = existing.InControlledShutdown;
        }
        else
        {
            record.Fenced = true;
            if (existing is not null)
            {
                // The old incarnation is over, whether it stopped in order or not: it leads nothing and is in no ISR
                // of which others are members, until this one has caught up.
                partitions.RemoveBroker(
                    request.BrokerId, records, hasLost: request.PreviousBrokerEpoch != existing.Epoch);
            }

            record.BrokerEpoch = nextOffset + records.Count;
        }

        records.Add(new VersionedRecord(record, state.MetadataVersion.RegisterBrokerRecordVersion));
        return new Decision(
            records, new BrokerRegistrationResponse { BrokerEpoch = record.BrokerEpoch }, IsAtomic: false);
    }

    public Decision Unregister(UnregisterBrokerRequest request)
    {
        BrokerRegistration? broker = state.Image.Cluster.Broker(request.BrokerId);
        if (broker is null)
        {
            return Decision.Answer(new UnregisterBrokerResponse
            {
                ErrorCode = ErrorCode.BrokerIdNotRegistered,
                ErrorMessage = $"Broker ID {request.BrokerId} is not currently registered",
            });
        }

        List<VersionedRecord> records = [];
        partitions.RemoveBroker(broker.Id, records, hasLost: true);
        records.Add(new VersionedRecord(
            new UnregisterBrokerRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch }, 0));
        return new Decision(records, new UnregisterBrokerResponse(), IsAtomic: false);
    }

    public Decision Register(ControllerRegistrationRequest request)
    {
        if (!state.MetadataVersion.IsControllerRegistrationSupported)
        {
            return Decision.Answer(new ControllerRegistrationResponse
            {
                ErrorCode = ErrorCode.UnsupportedVersion,
                ErrorMessage = "The current MetadataVersion is too old to support controller registrations.",
            });
        }

        if (request.Listeners.Count == 0)
        {
            return Decision.Answer(new ControllerRegistrationResponse
            {
                ErrorCode = ErrorCode.InvalidRegistration,
                ErrorMessage = $"No listeners found for controller {request.ControllerId}",
            });
        }

        RegisterControllerRecord record = new()
        {
            ControllerId = request.ControllerId,
            IncarnationId = request.IncarnationId,
            ZkMigrationReady = request.ZkMigrationReady,
            EndPoints =
            [
                .. request.Listeners.Select(end => new RegisterControllerRecord.ControllerEndpoint
                {
                    Name = end.Name,
                    Host = end.Host,
                    Port = end.Port,
                    SecurityProtocol = end.SecurityProtocol,
                }),
            ],
            Features =
            [
                .. request.Features.Select(feature => new RegisterControllerRecord.ControllerFeature
                {
                    Name = feature.Name,
                    MinSupportedVersion = feature.MinSupportedVersion,
                    MaxSupportedVersion = feature.MaxSupportedVersion,
                }),
            ],
        };
        return new Decision([new VersionedRecord(record, 0)], new ControllerRegistrationResponse());
    }

    public Decision Unregister(UnregisterControllerRequest request)
    {
        if (!state.Image.Cluster.Controllers.ContainsKey(request.ControllerId))
        {
            return Decision.Answer(new UnregisterControllerResponse
            {
                ErrorCode = ErrorCode.ControllerIdNotRegistered,
                ErrorMessage = $"Controller ID {request.ControllerId} is not currently registered.",
            });
        }

        if (!state.MetadataVersion.IsControllerUnregistrationSupported)
        {
            return Decision.Answer(new UnregisterControllerResponse { ErrorCode = ErrorCode.UnsupportedVersion });
        }

        UnregisterControllerRecord record = new() { ControllerId = request.ControllerId };
        return new Decision([new VersionedRecord(record, 0)], new UnregisterControllerResponse());
    }

    private static RegisterBrokerRecord ToRecord(BrokerRegistrationRequest request, MetadataVersion version) => new()
    {
        BrokerId = request.BrokerId,
        IncarnationId = request.IncarnationId,
        Rack = request.Rack,
        LogDirs = version.IsDirectoryAssignmentSupported ? [.. request.LogDirs] : [],
        EndPoints =
        [
            .. request.Listeners.Select(end => new RegisterBrokerRecord.BrokerEndpoint
            {
                Name = end.Name,
                Host = end.Host,
                Port = end.Port,
                SecurityProtocol = end.SecurityProtocol,
            }),
        ],
        Features =
        [
            .. request.Features.Select(feature => new RegisterBrokerRecord.BrokerFeature
            {
                Name = feature.Name,
                MinSupportedVersion = feature.MinSupportedVersion,
                MaxSupportedVersion = feature.MaxSupportedVersion,
            }),
        ],
    };

    private ErrorCode Check(BrokerRegistrationRequest request, BrokerRegistration? existing, long nowMs)
    {
        if (request.ClusterId != state.Settings.ClusterId)
        {
            return ErrorCode.InconsistentClusterId;
        }

        if (existing is not null && existing.IncarnationId != request.IncarnationId
            && sessions.IsAlive(existing.Id, existing.Epoch, nowMs))
        {
            return ErrorCode.DuplicateBrokerRegistration;
        }

        if (request.IsMigratingZkBroker)
        {
            return ErrorCode.BrokerIdNotRegistered;
        }

        if (!SupportsFinalizedFeatures(request))
        {
            return ErrorCode.UnsupportedVersion;
        }

        bool needsDirectories = state.MetadataVersion.IsDirectoryAssignmentSupported;
        return needsDirectories && !AreSound(request.LogDirs, request.BrokerId)
            ? ErrorCode.InvalidRegistration
            : ErrorCode.None;
    }

    // A broker that does not name a feature can do without it only.
    private bool SupportsFinalizedFeatures(BrokerRegistrationRequest request)
    {
        Dictionary<string, VersionRange> supported = [];
        foreach (BrokerRegistrationRequest.Feature feature in request.Features)
        {
            supported[feature.Name] = new VersionRange(feature.MinSupportedVersion, feature.MaxSupportedVersion);
        }

        return state.Image.Features.FinalizedLevels.All(finalized =>
            supported.TryGetValue(finalized.Key, out VersionRange range) && range.Contains(finalized.Value));
    }

    private bool AreSound(List<Uuid> directories, int brokerId) => directories.Count > 0
        && directories.Distinct().Count() == directories.Count
        && !directories.Exists(DirectoryIds.IsReserved)
        && !state.Image.Cluster.Brokers.Values.Any(other =>
            other.Id != brokerId && other.Directories.Any(directories.Contains));
}
