using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KRaftSharp.Tests.Unit.Architecture;

public sealed class SizeTests
{
    private const int UsualFileLines = 400;
    private const int MostFileLines = 600;
    private const int MethodLines = 70;
    private const int ConstructorParameters = 8;
    private const int LineColumns = 120;

    [Fact]
    public void Files_StayWithin400Lines()
    {
        var long400 = SourceTree.CSharpFiles.Where(file => !Exceptions.Tables.ContainsKey(file))
            .Select(file => (File: file, Count: SourceTree.Lines(file).Length))
            .Where(entry => entry.Count > UsualFileLines).ToList();

        AssertNone(long400.Where(entry => entry.Count > MostFileLines || !Exceptions.LongFiles.ContainsKey(entry.File))
            .Select(entry => $"{entry.File}: {entry.Count} lines"));
        AssertNone(Exceptions.LongFiles.Keys.Except(long400.Select(entry => entry.File))
            .Select(file => $"{file}: no exception needed any more"));
    }

    [Fact]
    public void Tables_Exist() =>
        AssertNone(Exceptions.Tables.Keys.Except(SourceTree.CSharpFiles).Select(file => $"{file}: is gone"));

    [Fact]
    public void Lines_StayWithin120Columns() => AssertNone(
        from file in SourceTree.CSharpFiles
        from line in SourceTree.Lines(file).Select((text, index) => (text, number: index + 1))
        where line.text.Length > LineColumns && !line.text.Contains("https://", StringComparison.Ordinal)
        select $"{file}:{line.number}: {line.text.Length} columns");

    [Fact]
    public void Methods_StayWithin70Lines()
    {
        var found = (
            from file in SourceTree.CSharpFiles
            where !Exceptions.Tables.ContainsKey(file)
            from method in SourceTree.Parse(file).DescendantNodes().Where(node =>
                node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
            let lines = LineCount(method)
            where lines > MethodLines
            select (Key: $"{file}: {NameOf(method)}", Lines: lines)).ToList();

        AssertNone(found.Where(entry => !Exceptions.LongMethods.ContainsKey(entry.Key))
            .Select(entry => $"{entry.Key}: {entry.Lines} lines"));
        AssertNone(Exceptions.LongMethods.Keys.Except(found.Select(entry => entry.Key))
            .Select(key => $"{key}: no exception needed any more"));
    }

    /// <summary>Records are exempt: their parameters are data, not things a class depends on.</summary>
    [Fact]
    public void Constructors_TakeAtMost8Parameters()
    {
        var found = (
            from file in SourceTree.CSharpFiles
            from node in SourceTree.Parse(file).DescendantNodes()
            let parameters = node switch
            {
                ClassDeclarationSyntax { ParameterList: { } primary } => primary.Parameters.Count,
                ConstructorDeclarationSyntax constructor => constructor.ParameterList.Parameters.Count,
                _ => 0,
            }
            where parameters > ConstructorParameters
            select (Key: $"{file}: {NameOf(node)}", Count: parameters)).ToList();

        AssertNone(found.Where(entry => !Exceptions.WideConstructors.ContainsKey(entry.Key))
            .Select(entry => $"{entry.Key}: {entry.Count} parameters"));
        AssertNone(Exceptions.WideConstructors.Keys.Except(found.Select(entry => entry.Key))
            .Select(key => $"{key}: no exception needed any more"));
    }

    /// <summary>
    /// From the first line of the signature to the closing brace; attributes and comments not counted.
    /// </summary>
    private static int LineCount(SyntaxNode method)
    {
        SyntaxToken first = method.ChildTokens().First();
        FileLinePositionSpan span = method.SyntaxTree.GetLineSpan(method.Span);
        int start = method.SyntaxTree.GetLineSpan(first.Span).StartLinePosition.Line;
        return span.EndLinePosition.Line - start + 1;
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        ClassDeclarationSyntax type => type.Identifier.Text,
        _ => node.Parent is null ? node.Kind().ToString() : $"{node.Kind()} of {NameOf(node.Parent)}",
    };

    private static void AssertNone(IEnumerable<string> violations)
    {
        List<string> found = [.. violations];
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }
}
