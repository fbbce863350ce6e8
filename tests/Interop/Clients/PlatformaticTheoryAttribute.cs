namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A theory that needs @platformatic/kafka; skipped by name where it is not.</summary>
public sealed class PlatformaticTheoryAttribute : TheoryAttribute
{
    public PlatformaticTheoryAttribute() => Skip = Installed.Platformatic;
}
