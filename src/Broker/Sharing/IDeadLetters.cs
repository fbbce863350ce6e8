using KRaftSharp.Broker.ShareState;

namespace KRaftSharp.Broker.Sharing;

/// <summary>Where records go that a share group has given up (KIP-1191).</summary>
internal interface IDeadLetters
{
    /// <summary>Completes when the records are in the queue, or could not be brought there. Any thread.</summary>
    Task SendAsync(SharePartitionKey from, StateBatch records, string reason, ShareGroupSettings settings);
}
