using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KRaftSharp.Tests.Unit.Architecture;

public sealed class TidyTests
{
    // Put together here, so that this file does not find itself.
    private static readonly string[] UnfinishedMarks = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];

    [Fact]
    public void Sources_HoldNoUnfinishedMarks()
    {
        var found =
            from file in SourceTree.CSharpFiles
            from line in SourceTree.Lines(file).Select((text, index) => (text, number: index + 1))
            from mark in UnfinishedMarks
            where line.text.Contains(mark, StringComparison.Ordinal)
            select $"{file}:{line.number}: {mark}";

        Assert.Empty(found);
    }

    /// <summary>The determinism rule is lifted for folders in .editorconfig, never in code.</summary>
    [Fact]
    public void Sources_DoNotSwitchTheDeterminismRuleOff()
    {
        const string Rule = "RS" + "0030";

        Assert.DoesNotContain(SourceTree.CSharpFiles, file =>
            !file.StartsWith("tests/Unit/Architecture/", StringComparison.Ordinal)
            && SourceTree.Lines(file).Any(line => line.Contains(Rule, StringComparison.Ordinal)));
    }

    [Fact]
    public void Namespaces_AreFileScoped() => Assert.DoesNotContain(SourceTree.CSharpFiles, file =>
        SourceTree.Parse(file).DescendantNodes().OfType<NamespaceDeclarationSyntax>().Any());

    [Fact]
    public void Tests_DoNotSleep()
    {
        var found =
            from file in SourceTree.CSharpFiles
            where file.StartsWith("tests/Unit/", StringComparison.Ordinal)
                || file.StartsWith("tests/Property/", StringComparison.Ordinal)
            from access in SourceTree.Parse(file).DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            where access.IsKind(SyntaxKind.SimpleMemberAccessExpression)
                && access.ToString() is "Thread.Sleep" or "Task.Delay"
            select file;

        Assert.Empty(found);
    }

    /// <summary>State in statics would be shared by the nodes of one simulated cluster.</summary>
    [Fact]
    public void Sources_KeepNoMutableStatics()
    {
        var found =
            from file in SourceTree.CSharpFiles
            where file.StartsWith("src/", StringComparison.Ordinal)
            from field in SourceTree.Parse(file).DescendantNodes().OfType<FieldDeclarationSyntax>()
            where field.Modifiers.Any(SyntaxKind.StaticKeyword)
                && !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)
                && !field.Modifiers.Any(SyntaxKind.ConstKeyword)
            select $"{file}: {field.Declaration}";

        Assert.Empty(found);
    }
}
