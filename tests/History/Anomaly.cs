namespace KRaftSharp.History;

/// <summary>Something that must not be, with the operations that show it.</summary>
public sealed record Anomaly(AnomalyKind Kind, string What)
{
    public override string ToString() => $"{Kind}: {What}";
}
