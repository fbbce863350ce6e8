namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A theory that needs Kafka's Java client; skipped by name where it is not.</summary>
public sealed class JavaTheoryAttribute : TheoryAttribute
{
    public JavaTheoryAttribute() => Skip = Installed.Java;
}
