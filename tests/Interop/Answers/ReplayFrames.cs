using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>What is in frames of requests and answers (without their lengths).</summary>
internal static class ReplayFrames
{
    private const string UndecodablePrefix = "undecodable ";

    // What passes by itself: a leader or coordinator that loads or is not there yet, a transaction being completed.
    private static readonly HashSet<ErrorCode> Passing =
    [
        ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicId, ErrorCode.LeaderNotAvailable,
        ErrorCode.NotLeaderOrFollower, ErrorCode.CoordinatorLoadInProgress, ErrorCode.CoordinatorNotAvailable,
        ErrorCode.NotCoordinator, ErrorCode.ConcurrentTransactions,
    ];

    public static ApiKey KeyOf(byte[] request) => (ApiKey)BinaryPrimitives.ReadInt16BigEndian(request);

    public static short VersionOf(byte[] request) =>
        BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(sizeof(short)));

    public static int CorrelationOf(byte[] frame, int at) =>
        frame.Length < at + sizeof(int) ? 0 : BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(at));

    /// <summary>Whether a request may be repeated until its answer is the one that was waited for: that of a heartbeat
    /// depends on whether a join on another connection has been read yet.</summary>
    public static bool OnlyReads(byte[] request) => KeyOf(request) is ApiKey.Metadata or ApiKey.FindCoordinator
        or ApiKey.ListOffsets or ApiKey.DescribeConfigs or ApiKey.DescribeTopicPartitions or ApiKey.DescribeProducers
        or ApiKey.Heartbeat;

    /// <summary>Whether two requests differ in nothing but the correlation id.</summary>
    public static bool AreSame(byte[] one, byte[] other) =>
        one.Length == other.Length && one.Length > 2 * sizeof(int)
        && one.AsSpan(0, sizeof(int)).SequenceEqual(other.AsSpan(0, sizeof(int)))
        && one.AsSpan(2 * sizeof(int)).SequenceEqual(other.AsSpan(2 * sizeof(int)));

    /// <summary>An answer as JSON. A version that the broker does not know is answered in the first.</summary>
    public static JsonNode? Decode(byte[] request, byte[] frame)
    {
        foreach (short version in (short[])[VersionOf(request), 0])
        {
            if (ResponseFrame.TryDecode(frame, KeyOf(request), version, out _, out IApiMessage? body, out _))
            {
                using MemoryStream text = new();
                using (Utf8JsonWriter json = new(text))
                {
                    body!.WriteJson(json, version);
                }

                return JsonNode.Parse(text.ToArray());
            }
        }

        return JsonValue.Create(UndecodablePrefix + Convert.ToHexString(frame.AsSpan(sizeof(int))));
    }

    /// <summary>Whether an answer has an error that passes by itself.</summary>
    public static bool SaysNotYet(JsonNode? answer) => answer switch
    {
        JsonObject found => found.Any(field =>
            (field.Key.EndsWith("rrorCode", StringComparison.Ordinal)
                && Passing.Contains((ErrorCode)(short)field.Value!))
            || SaysNotYet(field.Value)),
        JsonArray list => list.Any(SaysNotYet),
        _ => false,
    };
}
