namespace KRaftSharp.Quorum.Metadata;

/// <summary>What a server keeps of a SCRAM password (KIP-900). The arrays are copies and never change.</summary>
public sealed record ScramCredential(byte[] Salt, byte[] StoredKey, byte[] ServerKey, int Iterations)
{
    public bool Equals(ScramCredential? other) => other is not null && Iterations == other.Iterations
        && ImageMaps.Same(Salt, other.Salt) && ImageMaps.Same(StoredKey, other.StoredKey)
        && ImageMaps.Same(ServerKey, other.ServerKey);

    public override int GetHashCode() => Iterations;

    public override string ToString() => $"{Iterations} iterations";
}
