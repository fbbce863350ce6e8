using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.ShareState;

/// <summary>What the share coordinator says to one partition of a request.</summary>
/// <param name="State">Set by reads that succeed.</param>
internal sealed record StateAnswer(ErrorCode Error, string? Message, PersistedState? State = null)
{
    public static StateAnswer Done { get; } = new(ErrorCode.None, null);

    public static StateAnswer Failed(ErrorCode error) => new(error, ErrorCodes.Message(error));
}
