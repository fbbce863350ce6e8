namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A fact that needs kcat; skipped by name where it is not.</summary>
public sealed class KcatFactAttribute : FactAttribute
{
    public KcatFactAttribute() => Skip = Installed.Kcat;
}
