using System.Buffers;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Which topics are the cluster's own, and what a topic may be called.</summary>
public static class TopicNames
{
    public const string ConsumerOffsets = "__consumer_offsets";
    public const string TransactionState = "__transaction_state";
    public const string ShareGroupState = "__share_group_state";
    private const int MaxLength = 249;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;

    /// <summary>Letters, digits, '.', '_' and '-'; neither "." nor "..", at most 249 characters.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && name is not ("." or "..")
        && name.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}
