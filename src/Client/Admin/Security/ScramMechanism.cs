namespace KRaftSharp.Client.Admin;

/// <summary>The SCRAM mechanisms; the value is the protocol's.</summary>
public enum ScramMechanism : sbyte
{
    Sha256 = 1,
    Sha512 = 2,
}
