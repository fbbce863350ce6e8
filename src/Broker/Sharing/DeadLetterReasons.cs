namespace KRaftSharp.Broker.Sharing;

/// <summary>Why records were given up, in the words of their dead letters.</summary>
internal static class DeadLetterReasons
{
    public const string DeliveryCountExceeded = "Offset delivery count exceeded the threshold.";
    public const string Rejected = "Offset rejected by client.";
}
