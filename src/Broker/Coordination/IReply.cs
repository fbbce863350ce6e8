using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>A <see cref="Reply{T}"/>, whatever it answers.</summary>
internal interface IReply
{
    bool IsSet { get; }

    void Fail(ErrorCode error);

    /// <summary>Who is told when it is set.</summary>
    void OnSettled(Action<IReply> settled);
}
