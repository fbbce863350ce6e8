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

    /// <summary>LINQ asks a collection for its size and then has it copy itself: when another thread adds in between,
    /// that throws. A concurrent dictionary's Values, Keys and own ToArray are snapshots.</summary>
    [Fact]
    public void Sources_CopyConcurrentDictionariesByTheirSnapshots()
    {
        string[] copying =
        [
            "OrderBy", "OrderByDescending", "Order", "Reverse", "ToList", "ToHashSet", "ToDictionary", "Concat",
            "ToImmutableArray", "ToFrozenDictionary",
        ];
        var files = SourceTree.CSharpFiles.Where(file => file.StartsWith("src/", StringComparison.Ordinal))
            .Select(file => (File: file, Folder: Path.GetDirectoryName(file), Root: SourceTree.Parse(file))).ToList();
        var concurrent = (
            from file in files
            from field in file.Root.DescendantNodes().OfType<FieldDeclarationSyntax>()
            where field.Declaration.Type is GenericNameSyntax { Identifier.Text: "ConcurrentDictionary" }
            from variable in field.Declaration.Variables
            select (file.Folder, variable.Identifier.Text)).ToHashSet();
        var found =
            from file in files
            from name in file.Root.DescendantNodes().OfType<IdentifierNameSyntax>()
            where concurrent.Contains((file.Folder, name.Identifier.Text))
            where name.Parent is SpreadElementSyntax
                || (name.Parent is MemberAccessExpressionSyntax access && access.Expression == name
                    && copying.Contains(access.Name.Identifier.Text))
            select $"{file.File}: {name.Parent}";

        Assert.NotEmpty(concurrent);
        Assert.Empty(found);
    }
}
