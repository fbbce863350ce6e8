namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A fact that needs confluent-kafka for Python; skipped by name where it is not.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Installed.Python;
}
