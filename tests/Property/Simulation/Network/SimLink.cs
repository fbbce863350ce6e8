namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>One direction between two hosts.</summary>
internal sealed class SimLink
{
    /// <summary>Nothing gets through; what is sent meanwhile is sent again and arrives late, as TCP does it.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>Least and greatest time on the way, in microseconds.</summary>
    public (int LeastUs, int MostUs) Delay { get; set; } = (100, 1500);

    /// <summary>Of a thousand frames so many break their connection.</summary>
    public int BreaksPermille { get; set; }

    /// <summary>Of a thousand frames so many take up to a second longer.</summary>
    public int StallsPermille { get; set; }
}
