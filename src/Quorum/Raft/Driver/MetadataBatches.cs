using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Metadata records to batches and back.</summary>
internal static class MetadataBatches
{
    private const short ControlVersion = 0;

    /// <summary>One batch of such records.</summary>
    public static byte[] Encode(
        LogPoint at, long timestampMs, IReadOnlyList<VersionedRecord> records, int first, int count)
    {
        using RecordBatchBuilder builder = new(new RecordBatchOptions
        {
            BaseOffset = at.EndOffset,
            PartitionLeaderEpoch = at.Epoch,
        });
        for (int i = first; i < first + count; i++)
        {
            byte[] value = MetadataRecordCodec.Encode(records[i].Record, records[i].Version);
            builder.Append(timestampMs, null, value);
        }

        return builder.Build().ToArray();
    }

    /// <summary>The most bytes a batch of these records takes; stops counting beyond a limit.</summary>
    /// <returns>How many records fit from <paramref name="first"/> on.</returns>
    public static int CountThatFit(IReadOnlyList<VersionedRecord> records, int first, int maxBytes)
    {
        long size = RecordBatchLayout.HeaderSize;
        for (int i = first; i < records.Count; i++)
        {
            int value = MetadataRecordCodec.SizeOf(records[i].Record, records[i].Version);
            size += RecordBatchBuilder.MaxSizeOf(0, value, []);
            if (size > maxBytes)
            {
                return i - first;
            }
        }

        return records.Count - first;
    }

    /// <summary>The control batch that starts a leader's epoch.</summary>
    /// <param name="newVoters">A voter set that goes with it, after the kraft.version; or null.</param>
    public static byte[] LeaderChange(
        LogPoint at, long timestampMs, int leaderId, IReadOnlyList<int> voters, IReadOnlyList<int> granting,
        (VoterSet Voters, short KRaftVersion)? newVoters)
    {
        LeaderChangeMessage message = new() { Version = ControlVersion, LeaderId = leaderId };
        message.Voters.AddRange(voters.Select(id => new LeaderChangeMessage.Voter { VoterId = id }));
        message.GrantingVoters.AddRange(granting.Select(id => new LeaderChangeMessage.Voter { VoterId = id }));
        return Control(at, timestampMs,
        [
            (ControlRecordType.LeaderChange, message),
            .. VoterBodies(newVoters?.Voters, newVoters?.KRaftVersion),
        ]);
    }

    /// <summary>The control batch that changes the voters, and perhaps the kraft.version.</summary>
    public static byte[] Voters(LogPoint at, long timestampMs, VoterSet voters, short? kraftVersion) =>
        Control(at, timestampMs, [.. VoterBodies(voters, kraftVersion)]);

    /// <summary>The first batch of a snapshot, with what it keeps of the voters.</summary>
    public static byte[] SnapshotHeader(
        LogPoint at, long timestampMs, long lastContainedTimestampMs, VoterSet? voters, short kraftVersion) =>
        Control(at, timestampMs,
        [
            (ControlRecordType.SnapshotHeader, new SnapshotHeaderRecord
            {
                Version = ControlVersion,
                LastContainedLogTimestamp = lastContainedTimestampMs,
            }),
            .. VoterBodies(voters, kraftVersion > 0 ? kraftVersion : null),
        ]);

    public static byte[] SnapshotFooter(LogPoint at, long timestampMs) => Control(
        at, timestampMs, [(ControlRecordType.SnapshotFooter, new SnapshotFooterRecord { Version = ControlVersion })]);

    /// <summary>What a committed batch says; the records are copied out of it.</summary>
    /// <exception cref="InvalidDataException">The batch is damaged, or of a later time.</exception>
    public static CommittedBatch Decode(RecordBatchView batch)
    {
        List<IMetadataRecord> records = [];
        if (!batch.IsControl)
        {
            RecordReader reader = new(batch);
            try
            {
                while (reader.MoveNext())
                {
                    byte[] value = reader.Current.Value.ToArray();
                    if (!MetadataRecordCodec.TryRead(value, out IMetadataRecord? record, out _, out WireError error))
                    {
                        throw new InvalidDataException(
                            $"the metadata record at offset {reader.Current.Offset} cannot be read: {error}");
                    }

                    records.Add(record!);
                }

                if (reader.Fault != RecordFault.None)
                {
                    throw new InvalidDataException($"the metadata batch at {batch.BaseOffset}: {reader.Fault}");
                }
            }
            finally
            {
                reader.Dispose();
            }
        }

        return new CommittedBatch(
            batch.BaseOffset, batch.LastOffset, batch.PartitionLeaderEpoch, batch.MaxTimestamp, records,
            batch.SizeInBytes);
    }

    /// <summary>The body of the control record that the batch consists of, if it is of this type.</summary>
    public static bool TryReadControl<T>(RecordBatchView batch, ControlRecordType type, T message)
        where T : IMessage
    {
        if (!batch.IsControl)
        {
            return false;
        }

        RecordReader reader = new(batch);
        try
        {
            while (reader.MoveNext())
            {
                if (ControlRecords.TryReadKey(reader.Current.Key, out ControlRecordType found) && found == type)
                {
                    return MessageCodec.TryDecode(reader.Current.Value.ToArray(), ControlVersion, message, out _);
                }
            }
        }
        finally
        {
            reader.Dispose();
        }

        return false;
    }

    private static IEnumerable<(ControlRecordType, IMessage)> VoterBodies(VoterSet? voters, short? kraftVersion)
    {
        if (kraftVersion is { } level)
        {
            yield return (ControlRecordType.KRaftVersion,
                new KRaftVersionRecord { Version = ControlVersion, KRaftVersion = level });
        }

        if (voters is not null)
        {
            yield return (ControlRecordType.KRaftVoters, VoterRecords.ToRecord(voters));
        }
    }

    private static byte[] Control(
        LogPoint at, long timestampMs, IReadOnlyList<(ControlRecordType Type, IMessage Body)> records)
    {
        using RecordBatchBuilder builder = new(new RecordBatchOptions
        {
            BaseOffset = at.EndOffset,
            PartitionLeaderEpoch = at.Epoch,
            IsControl = true,
        });
        foreach ((ControlRecordType type, IMessage body) in records)
        {
            ControlRecords.Append(builder, timestampMs, type, MessageCodec.Encode(body, ControlVersion));
        }

        return builder.Build().ToArray();
    }
}
