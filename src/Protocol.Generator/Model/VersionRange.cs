namespace KRaftSharp.Protocol.Generator.Model;

/// <summary>Versions from <paramref name="Low"/> to <paramref name="High"/>, both included.</summary>
internal sealed record VersionRange(int Low, int High)
{
    public const int Open = short.MaxValue;

    public bool IsEmpty => Low > High;

    public bool Covers(VersionRange other) => Low <= other.Low && other.High <= High;

    public VersionRange Intersect(VersionRange other) => new(Math.Max(Low, other.Low), Math.Min(High, other.High));
}
