namespace KRaftSharp.Client.Sharing;

/// <summary>Neighbouring offsets that share their fate, both ends included.</summary>
/// <param name="First">The first offset.</param>
/// <param name="Last">The last offset.</param>
/// <param name="Type">As on the wire: 0 where there is no record, else an <see cref="AcknowledgeType"/>.</param>
/// <param name="IsSaid">The application said so, of one record.</param>
internal readonly record struct AckRun(long First, long Last, sbyte Type, bool IsSaid = false)
{
    /// <summary>There is no record at these offsets.</summary>
    public const sbyte Gap = 0;
}
