using System.Net;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>What the conversations take for granted: a broker that has coordinators and whose cluster's id is known.
/// </summary>
internal static class ReplayStart
{
    // Of the cluster that was recorded; Kafka's own ids would be other bytes each time.
    private const string RecordedClusterId = "PeerClusterAAAAAAAAAAA";
    private const string ShareKey = "warm:AAAAAAAAAAAAAAAAAAAAZg:0";
    private const string ClientId = "replay";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the coordinators of groups, transactions and shares.</summary>
    public static async Task<Identities> WaitAsync(IPEndPoint broker)
    {
        using ReplayConnection connection = await ReplayConnection.OpenAsync(broker);
        using CancellationTokenSource limit = new(Patience);
        foreach ((sbyte type, string key) in ((sbyte, string)[])[(0, ClientId), (1, ClientId), (2, ShareKey)])
        {
            FindCoordinatorRequest request = new() { KeyType = type, CoordinatorKeys = [key] };
            while (ReplayFrames.SaysNotYet(ReplayFrames.Decode(
                FrameOf(request, 6), await AskAsync(connection, request, 6))))
            {
                await Task.Delay(50, limit.Token);
            }
        }

        DescribeClusterRequest describe = new() { EndpointType = 1 };
        string clusterId = (string)ReplayFrames.Decode(
            FrameOf(describe, 2), await AskAsync(connection, describe, 2))!["clusterId"]!;
        return new Identities().With(
            Identities.Uuid, Uuid.Parse(RecordedClusterId), Uuid.Parse(clusterId))!;
    }

    private static async Task<byte[]> AskAsync(ReplayConnection connection, IApiMessage request, short version)
    {
        await connection.SendAsync(FrameOf(request, version));
        return (await connection.ReceiveAsync())!;
    }

    private static byte[] FrameOf(IApiMessage request, short version)
    {
        using EncodedFrame encoded = RequestFrame.Encode(request, version, 1, ClientId);
        return encoded.ToArray()[sizeof(int)..];
    }
}
