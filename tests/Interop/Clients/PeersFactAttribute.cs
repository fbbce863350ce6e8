namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A fact that needs the differential tester; skipped by name where it is not.</summary>
public sealed class PeersFactAttribute : FactAttribute
{
    public PeersFactAttribute() => Skip = Installed.Peers;
}
