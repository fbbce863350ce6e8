using System.Collections.Immutable;
using KRaftSharp.Protocol.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace KRaftSharp.Tests.Unit.Protocol.Generator;

public sealed class SchemaGeneratorTests
{
    private static readonly SchemaText First = new("first.schema", "data A versions 0 {\n    int X\n}\n");
    private static readonly SchemaText Second = new("second.schema", "data B versions 0 {\n    long Y\n}\n");

    [Fact]
    public void EditOfCode_LeavesEveryStepCached()
    {
        GeneratorDriver driver = Driver(First, Second).RunGenerators(Compilation("class C { }"));

        GeneratorRunResult run = driver.RunGenerators(Compilation("class C { int edited; }")).GetRunResult().Results[0];

        Assert.Equal(4, run.GeneratedSources.Length);
        Assert.All(Reasons(run), reason => Assert.True(
            reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));
    }

    [Fact]
    public void EditOfOneSchema_LeavesTheOtherAndTheCatalogueAlone()
    {
        CSharpCompilation compilation = Compilation("class C { }");
        GeneratorDriver driver = Driver(First, Second).RunGenerators(compilation);
        var edited = new SchemaText("first.schema", "data A versions 0 {\n    int Z\n}\n");

        GeneratorRunResult run = driver.ReplaceAdditionalText(First, edited).RunGenerators(compilation)
            .GetRunResult().Results[0];

        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached],
            run.TrackedSteps[SchemaGenerator.ParseStep].SelectMany(step => step.Outputs)
                .Select(output => output.Reason).Order());
        Assert.All(
            run.TrackedSteps[SchemaGenerator.CatalogueStep].SelectMany(step => step.Outputs),
            output => Assert.True(
                output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
    }

    [Fact]
    public void OtherTextFiles_AreNotSchemas()
    {
        GeneratorRunResult run = Driver(new SchemaText("BannedSymbols.txt", "T:System.Random;words"))
            .RunGenerators(Compilation("")).GetRunResult().Results[0];

        Assert.Empty(run.Diagnostics);
        Assert.Equal(2, run.GeneratedSources.Length);
    }

    [Fact]
    public void TwoMessagesOfOneName_AreReported()
    {
        var again = new SchemaText("again.schema", "data A versions 0 {\n}\n");

        GeneratorRunResult run = Driver(First, again).RunGenerators(Compilation("")).GetRunResult().Results[0];

        Assert.Equal("KRS012", run.Diagnostics.Single().Id);
    }

    [Fact]
    public void Mistake_IsReportedAtItsPlace()
    {
        var wrong = new SchemaText("wrong.schema", "data A versions 0 {\n    nothing X\n}\n");

        GeneratorRunResult run = Driver(wrong).RunGenerators(Compilation("")).GetRunResult().Results[0];

        Diagnostic diagnostic = run.Diagnostics.Single();
        Assert.Equal(("KRS003", DiagnosticSeverity.Error), (diagnostic.Id, diagnostic.Severity));
        Assert.Equal("wrong.schema", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(new LinePosition(1, 4), diagnostic.Location.GetLineSpan().StartLinePosition);
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult run) =>
        run.TrackedOutputSteps.Values.Concat(run.TrackedSteps.Values)
            .SelectMany(steps => steps).SelectMany(step => step.Outputs).Select(output => output.Reason);

    private static GeneratorDriver Driver(params AdditionalText[] texts) => CSharpGeneratorDriver.Create(
        [new SchemaGenerator().AsSourceGenerator()],
        texts.ToImmutableArray(),
        driverOptions: new GeneratorDriverOptions(
            IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static CSharpCompilation Compilation(string code) =>
        CSharpCompilation.Create("Test", [CSharpSyntaxTree.ParseText(code)]);

    private sealed class SchemaText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
