using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Voter sets and kraft.versions as control records, and back (KIP-853).</summary>
internal static class VoterRecords
{
    private const short Version = 0;

    public static VotersRecord ToRecord(VoterSet voters)
    {
        VotersRecord record = new() { Version = Version };
        foreach (Voter voter in voters.All)
        {
            VotersRecord.Voter entry = new()
            {
                VoterId = voter.Id,
                VoterDirectoryId = voter.Key.DirectoryId,
                KRaftVersionFeature = new VotersRecord.KRaftVersionFeature
                {
                    MinSupportedVersion = voter.MinKRaftVersion,
                    MaxSupportedVersion = voter.MaxKRaftVersion,
                },
            };
            entry.Endpoints.AddRange(voter.Listeners.Select(listener => new VotersRecord.Endpoint
            {
                Name = listener.Name,
                Host = listener.Host,
                Port = (ushort)listener.Port,
            }));
            record.Voters.Add(entry);
        }

        return record;
    }

    /// <param name="listenerName">The listener that this node talks to; a voter without it is met at its
    /// first.</param>
    public static VoterSet FromRecord(VotersRecord record, string listenerName) =>
        new(record.Voters.Select(voter => FromRecord(voter, listenerName)));

    /// <summary>Adds what a batch says of the voters, if it is a control batch that does.</summary>
    /// <param name="offset">Where it counts as standing; null for where it stands.</param>
    public static VoterHistory Replay(
        VoterHistory history, RecordBatchView batch, long? offset, string listenerName)
    {
        if (!batch.IsControl)
        {
            return history;
        }

        RecordReader reader = new(batch);
        try
        {
            while (reader.MoveNext())
            {
                long at = offset ?? reader.Current.Offset;
                if (!ControlRecords.TryReadKey(reader.Current.Key, out ControlRecordType type))
                {
                    continue;
                }

                byte[] value = reader.Current.Value.ToArray();
                if (type == ControlRecordType.KRaftVersion)
                {
                    history = history.Add(at, Decode(value, new KRaftVersionRecord(), at).KRaftVersion);
                }
                else if (type == ControlRecordType.KRaftVoters)
                {
                    history = history.Add(at, FromRecord(Decode(value, new VotersRecord(), at), listenerName));
                }
            }
        }
        finally
        {
            reader.Dispose();
        }

        return history;
    }

    private static T Decode<T>(byte[] value, T message, long at)
        where T : IMessage =>
        MessageCodec.TryDecode(value, Version, message, out WireError error)
            ? message
            : throw new InvalidDataException($"the voters at offset {at} cannot be read: {error}");

    private static Voter FromRecord(VotersRecord.Voter voter, string listenerName)
    {
        ReplicaKey key = new(voter.VoterId, voter.VoterDirectoryId);
        VoterListener[] listeners =
            [.. voter.Endpoints.Select(endpoint => new VoterListener(endpoint.Name, endpoint.Host, endpoint.Port))];
        short min = voter.KRaftVersionFeature.MinSupportedVersion;
        short max = voter.KRaftVersionFeature.MaxSupportedVersion;
        return Voter.TryCreate(key, listeners, listenerName, min, max)
            ?? (listeners is [var first, ..]
                ? Voter.TryCreate(key, listeners, first.Name, min, max)!.Value
                : new Voter(key, new PeerEndpoint(key.Id, "", 0)) { MinKRaftVersion = min, MaxKRaftVersion = max });
    }
}
