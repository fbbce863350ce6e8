namespace KRaftSharp.Quorum.Metadata;

/// <summary>The levels of a feature that a node can work with, both ends included.</summary>
public readonly record struct VersionRange(short Min, short Max)
{
    public bool Contains(short level) => level >= Min && level <= Max;

    public override string ToString() => Min == Max ? $"{Min}" : $"{Min}-{Max}";
}
