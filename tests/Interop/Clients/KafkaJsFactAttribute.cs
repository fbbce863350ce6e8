namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A fact that needs KafkaJS; skipped by name where it is not.</summary>
public sealed class KafkaJsFactAttribute : FactAttribute
{
    public KafkaJsFactAttribute() => Skip = Installed.KafkaJs;
}
