using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace KRaftSharp.Protocol.Generator.Diagnostics;

/// <summary>A mistake in a schema file and where it is (lines and columns from 0).</summary>
internal sealed record SchemaDiagnostic(string Id, string Path, int Line, int Column, int Length, string Subject)
{
    public Diagnostic ToDiagnostic()
    {
        var start = new LinePosition(Line, Column);
        var end = new LinePosition(Line, Column + Length);
        var location = Location.Create(Path, new TextSpan(0, 0), new LinePositionSpan(start, end));
        return Diagnostic.Create(SchemaRules.Get(Id), location, Subject);
    }
}
