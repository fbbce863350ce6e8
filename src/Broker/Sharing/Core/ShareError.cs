using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>Why a share partition refuses.</summary>
internal sealed record ShareError(ErrorCode Error, string? Message)
{
    public static ShareError Of(ErrorCode error) => new(error, ErrorCodes.Message(error));
}
