using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// The one feature whose level is not a record of the controller's: the quorum writes kraft.version, with the voters,
/// before the rest of the update is decided.
/// </summary>
internal sealed class KRaftVersionUpgrade(IQuorum quorum, Strand strand)
{
    /// <param name="completion">Called on the strand: null, or why it cannot be done.</param>
    public void Start(int epoch, UpdateFeaturesRequest request, short level, Action<ApiError?> completion) =>
        quorum.UpgradeKRaftVersion(epoch, level, request.ValidateOnly, (error, message) => strand.Post(
            () => completion(error == ErrorCode.None ? null : new ApiError(error, WithContext(error, message)))));

    private static string? WithContext(ErrorCode error, string? message) => error == ErrorCode.InvalidUpdateVersion
        ? "The update failed for all features since the following feature had an error: " + message
        : message;
}
