namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>What a member says of neighbouring records.</summary>
/// <param name="LastOffset">Inclusive.</param>
/// <param name="Types">One for all of them, or one for each.</param>
internal readonly record struct Acknowledgement(long FirstOffset, long LastOffset, IReadOnlyList<sbyte> Types)
{
    public AcknowledgeType TypeOf(long offset) =>
        (AcknowledgeType)(Types.Count > 1 ? Types[(int)(offset - FirstOffset)] : Types[0]);
}
