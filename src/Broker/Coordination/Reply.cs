using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>An answer that an operation owes: given at once, after its records, or whenever the state allows.</summary>
/// <remarks>Strand-owned by its shard, which fails it when the state goes. Only the first answer counts.</remarks>
internal sealed class Reply<T> : IReply
    where T : class
{
    private readonly TaskCompletionSource<Outcome<T>> _completion = new();
    private Action<IReply>? _settled;

    public bool IsSet { get; private set; }

    public Task<Outcome<T>> Task => _completion.Task;

    public void Set(T value) => Settle(new Outcome<T>(ErrorCode.None, value));

    public void Fail(ErrorCode error) => Settle(new Outcome<T>(error, null));

    /// <summary>Answers once <paramref name="records"/> are committed.</summary>
    public Decision After(IReadOnlyList<CoordinatorRecord> records, T value) =>
        new(records) { Committed = () => Set(value) };

    /// <summary>Answers once everything that the operation may have seen is committed.</summary>
    public Decision Now(T value) => After([], value);

    void IReply.OnSettled(Action<IReply> settled) => _settled = settled;

    private void Settle(Outcome<T> outcome)
    {
        if (!IsSet)
        {
            IsSet = true;
            _settled?.Invoke(this);
            _completion.SetResult(outcome);
        }
    }
}
