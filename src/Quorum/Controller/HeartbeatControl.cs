using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>What a heartbeat leads to: fencing, unfencing, controlled shutdown, and the end of it.</summary>
internal sealed class HeartbeatControl(
    ControllerState state, BrokerSessions sessions, ClusterControl cluster, PartitionControl partitions)
{
    private const short FenceVersion = 0;
    private const short ShutdownVersion = 1;

    private enum Next
    {
        Fenced,
        Unfenced,
        ShuttingDown,
        ShutDownNow,
    }

    public Decision Heartbeat(BrokerHeartbeatRequest request, long connectionId, long nowMs)
    {
        ErrorCode error = cluster.CheckEpoch(request.BrokerId, request.BrokerEpoch);
        if (error != ErrorCode.None)
        {
            return Decision.Answer(new BrokerHeartbeatResponse { ErrorCode = error });
        }

        BrokerRegistration broker = state.Image.Cluster.Broker(request.BrokerId)!;
        BrokerSession session = sessions.Touch(broker.Id, broker.Epoch, connectionId, nowMs);
        session.MetadataOffset = request.CurrentMetadataOffset;
        Next next = NextState(broker, request, session);
        List<VersionedRecord> records = [];
        switch (next)
        {
            case Next.Fenced or Next.ShutDownNow when !broker.IsFenced:
                Fence(broker, records);
                break;
            case Next.Unfenced when broker.IsFenced:
                Unfence(broker, records);
                break;
            case Next.ShuttingDown:
                EnterShutdown(broker, records);
                session.ShutdownOffset ??= state.Image.Provenance.EndOffset + records.Count - 1;
                break;
            default:
                break;
        }

        if (next != Next.ShuttingDown)
        {
            session.ShutdownOffset = null;
        }

        TakeDirectoriesOffline(broker, request, records);
        CordonDirectories(broker, request, records);
        return new Decision(
            records,
            new BrokerHeartbeatResponse
            {
                IsCaughtUp = request.CurrentMetadataOffset >= broker.Epoch,
                IsFenced = next is Next.Fenced or Next.ShutDownNow,
                ShouldShutDown = next == Next.ShutDownNow,
            },
            IsAtomic: false);
    }

    /// <summary>Records that fence a broker: first its partitions move, then it is fenced.</summary>
    public void Fence(BrokerRegistration broker, List<VersionedRecord> records)
    {
        partitions.RemoveBroker(broker.Id, records);
        records.Add(new VersionedRecord(
            new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, Fenced = 1 },
            FenceVersion));
    }

    private void Unfence(BrokerRegistration broker, List<VersionedRecord> records)
    {
        records.Add(new VersionedRecord(
            new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, Fenced = -1 },
            FenceVersion));
        partitions.AddBroker(broker.Id, records);
    }

    private void EnterShutdown(BrokerRegistration broker, List<VersionedRecord> records)
    {
        if (!broker.InControlledShutdown)
        {
            records.Add(new VersionedRecord(
                new BrokerRegistrationChangeRecord
                {
                    BrokerId = broker.Id,
                    BrokerEpoch = broker.Epoch,
                    InControlledShutdown = 1,
                },
                ShutdownVersion));
        }

        partitions.RemoveBroker(broker.Id, records);
    }

    /// <summary>Directories of the broker failed: what led or was in sync there is so no longer (KIP-858).</summary>
    private void TakeDirectoriesOffline(
        BrokerRegistration broker, BrokerHeartbeatRequest request, List<VersionedRecord> records)
    {
        Uuid[] lost = [.. request.OfflineLogDirs.Where(broker.Directories.Contains)];
        if (lost.Length > 0 && state.MetadataVersion.IsDirectoryAssignmentSupported)
        {
            records.Add(new VersionedRecord(
                new BrokerRegistrationChangeRecord
                {
                    BrokerId = broker.Id,
                    BrokerEpoch = broker.Epoch,
                    LogDirs = [.. broker.Directories.Except(lost)],
                },
                state.MetadataVersion.BrokerRegistrationChangeRecordVersion));
            partitions.RemoveDirectories(broker.Id, lost, records);
        }
    }

    private void CordonDirectories(
        BrokerRegistration broker, BrokerHeartbeatRequest request, List<VersionedRecord> records)
    {
        if (request.CordonedLogDirs is not { } cordoned || !state.MetadataVersion.IsCordonedLogDirsSupported
            || (broker.CordonedDirectories is { } known && known.SequenceEqual(cordoned.Order())))
        {
            return;
        }

        records.Add(new VersionedRecord(
            new BrokerRegistrationChangeRecord
            {
                BrokerId = broker.Id,
                BrokerEpoch = broker.Epoch,
                CordonedLogDirs = [.. cordoned],
            },
            state.MetadataVersion.BrokerRegistrationChangeRecordVersion));
    }

    private Next NextState(BrokerRegistration broker, BrokerHeartbeatRequest request, BrokerSession session)
    {
        if (broker.IsFenced)
        {
            if (request.WantShutDown)
            {
                return Next.ShutDownNow;
            }

            // Who has shut down comes back with a new registration only: until then it may lead nothing.
            bool mayServe = !request.WantFence && !broker.InControlledShutdown
                && request.CurrentMetadataOffset >= broker.Epoch;
            return mayServe ? Next.Unfenced : Next.Fenced;
        }

        if (broker.InControlledShutdown)
        {
            if (partitions.HasLeaderships(broker.Id))
            {
                return Next.ShuttingDown;
            }

            bool othersKnow = session.ShutdownOffset is { } offset
                && offset <= sessions.LowestActiveOffset(state.Image.Cluster);
            return othersKnow ? Next.ShutDownNow : Next.ShuttingDown;
        }

        if (request.WantFence)
        {
            return request.WantShutDown ? Next.ShutDownNow : Next.Fenced;
        }

        if (request.WantShutDown)
        {
            return partitions.HasLeaderships(broker.Id) ? Next.ShuttingDown : Next.ShutDownNow;
        }

        return Next.Unfenced;
    }
}
