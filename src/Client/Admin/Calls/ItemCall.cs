using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin.Calls;

/// <summary>A call about several items: who answers for them, what is asked, how the answer is read.</summary>
/// <param name="Route">Sorts the items by broker.</param>
/// <param name="Ask">The request about some of them.</param>
/// <param name="Read">What the answer says of each; runs before the answer's buffer is given back.</param>
internal sealed record ItemCall<TKey, TValue, TResponse>(
    IRoute<TKey> Route,
    Func<IReadOnlyList<TKey>, IApiMessage> Ask,
    Func<TResponse, IReadOnlyList<TKey>, IEnumerable<(TKey Key, Outcome<TValue> Outcome)>> Read)
    where TKey : notnull
    where TResponse : class, IApiMessage
{
    public VersionRange Versions { get; init; } = VersionRange.All;

    /// <summary>Whether an error of attempt 1, 2, ... may pass when the item is asked for again.</summary>
    public Func<ErrorCode, int, bool> MayRepeat { get; init; } = (error, _) => AdminCalls.MayRepeat(error);

    /// <summary>For each of these items the same: what an answer without room for items says.</summary>
    public static IEnumerable<(TKey Key, Outcome<TValue> Outcome)> All(
        IReadOnlyList<TKey> keys, ErrorCode error, string? message = null) =>
        keys.Select(key => (key, Outcome.Failed<TValue>(error, message)));
}
