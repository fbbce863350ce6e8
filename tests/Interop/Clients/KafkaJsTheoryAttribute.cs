namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A theory that needs KafkaJS; skipped by name where it is not.</summary>
public sealed class KafkaJsTheoryAttribute : TheoryAttribute
{
    public KafkaJsTheoryAttribute() => Skip = Installed.KafkaJs;
}
