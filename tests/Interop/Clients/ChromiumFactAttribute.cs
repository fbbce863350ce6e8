namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>A test with a real browser; skipped by name where there is none.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Browser.Problem;
}
