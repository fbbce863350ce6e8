using System.Buffers;
using System.Text.Json;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>The file <c>quorum-state</c>: epoch, leader and vote, in Kafka's JSON.</summary>
/// <remarks>Version 0, which a static voter set has, names the voters and no directory ids; version 1 (KIP-853) the
/// other way round. Both are read.</remarks>
internal sealed class QuorumStateFile(IStorage storage, string directory)
{
    private const string FileName = "quorum-state";

    private readonly string _path = directory + "/" + FileName;

    /// <summary>What was written last; epoch 0 and no vote when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is not what Kafka or this class writes.</exception>
    public ElectionState Read()
    {
        if (!storage.FileExists(_path))
        {
            return new ElectionState(0, null, null);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(storage.ReadAllBytes(_path));
            JsonElement root = document.RootElement;
            int version = root.GetProperty("data_version").GetInt32();
            if (version is not (0 or 1))
            {
                throw new InvalidDataException($"{_path}: data_version {version} is unknown");
            }

            int leader = root.GetProperty("leaderId").GetInt32();
            int epoch = root.GetProperty("leaderEpoch").GetInt32();
            int voted = root.GetProperty("votedId").GetInt32();
            Uuid directoryId = version == 1 ? Uuid.Parse(root.GetProperty("votedDirectoryId").GetString()!) : default;
            return new ElectionState(
                Math.Max(epoch, 0),
                leader >= 0 ? leader : null,
                voted >= 0 ? new ReplicaKey(voted, directoryId) : null);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new InvalidDataException($"{_path} is damaged: {error.Message}", error);
        }
    }

    /// <summary>Durable when it returns.</summary>
    /// <param name="kraftVersion">With 0 the static voters stand in the file, else the directory ids.</param>
    public void Write(ElectionState state, VoterSet voters, short kraftVersion)
    {
        ArrayBufferWriter<byte> buffer = new(256);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            if (kraftVersion == 0)
            {
                json.WriteString("clusterId", "");
            }

            json.WriteNumber("leaderId", state.LeaderId ?? -1);
            json.WriteNumber("leaderEpoch", state.Epoch);
            json.WriteNumber("votedId", state.Voted?.Id ?? -1);
            if (kraftVersion == 0)
            {
                WriteStatic(json, voters);
            }
            else
            {
                json.WriteString("votedDirectoryId", (state.Voted?.DirectoryId ?? default).ToString());
            }

            json.WriteNumber("data_version", kraftVersion == 0 ? 0 : 1);
            json.WriteEndObject();
        }

        storage.WriteAtomically(_path, buffer.WrittenSpan);
    }

    private static void WriteStatic(Utf8JsonWriter json, VoterSet voters)
    {
        json.WriteNumber("appliedOffset", 0);
        json.WriteStartArray("currentVoters");
        foreach (Voter voter in voters.All)
        {
            json.WriteStartObject();
            json.WriteNumber("voterId", voter.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
