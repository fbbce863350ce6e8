using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KRaftSharp.Tests.Unit.Architecture;

/// <summary>The repository's own C# files, found from the test's binary upwards.</summary>
internal static class SourceTree
{
    private static readonly string[] Folders = ["src", "tests", "benchmarks"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with forward slashes, sorted; build outputs left out.</summary>
    public static IReadOnlyList<string> CSharpFiles { get; } =
    [
        .. Folders.Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    public static string[] Lines(string relativePath) => File.ReadAllLines(Path.Combine(Root, relativePath));

    public static CompilationUnitSyntax Parse(string relativePath) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Root, relativePath))).GetCompilationUnitRoot();

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "KRaftSharp.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("KRaftSharp.sln is not above the test's binary");
    }
}
