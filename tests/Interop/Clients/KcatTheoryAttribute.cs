namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A theory that needs kcat; skipped by name where it is not.</summary>
public sealed class KcatTheoryAttribute : TheoryAttribute
{
    public KcatTheoryAttribute() => Skip = Installed.Kcat;
}
