namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A test with Prometheus; skipped by name where it is not installed.</summary>
public sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute() => Skip = Installed.Prometheus;
}
