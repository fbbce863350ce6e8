using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>The answer of a coordinator, or why there is none.</summary>
/// <param name="Error">None exactly when there is a value. CoordinatorLoadInProgress and NotCoordinator are the
/// shard's; others come from the append: <see cref="AppendErrors"/> says what a client is told of them.</param>
internal readonly record struct Outcome<T>(ErrorCode Error, T? Value)
    where T : class;
