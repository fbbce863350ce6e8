using System.Reflection;
using System.Xml.Linq;

namespace KRaftSharp.Tests.Unit.Architecture;

public sealed class LayerTests
{
    /// <summary>What each project may see; an arrow never points up.</summary>
    private static readonly Dictionary<string, string[]> MaySee = new()
    {
        ["KRaftSharp.Protocol"] = [],
        ["KRaftSharp.Log"] = ["KRaftSharp.Protocol"],
        ["KRaftSharp.Quorum"] = ["KRaftSharp.Log", "KRaftSharp.Protocol"],
        ["KRaftSharp.Broker"] = ["KRaftSharp.Quorum", "KRaftSharp.Log", "KRaftSharp.Protocol"],
        ["KRaftSharp.Client"] = ["KRaftSharp.Protocol"],
        ["KRaftSharp.Client.Hosting"] = ["KRaftSharp.Client", "KRaftSharp.Protocol"],
        ["KRaftSharp.Client.MessagePack"] = ["KRaftSharp.Client", "KRaftSharp.Protocol"],
        ["KRaftSharp.Testing"] =
            ["KRaftSharp.Broker", "KRaftSharp.Client", "KRaftSharp.Quorum", "KRaftSharp.Log", "KRaftSharp.Protocol"],
        ["kraftsharp"] =
            ["KRaftSharp.Broker", "KRaftSharp.Client", "KRaftSharp.Quorum", "KRaftSharp.Log", "KRaftSharp.Protocol"],
    };

    /// <summary>Folders that must not know a namespace, though their project could.</summary>
    private static readonly (string Folder, string Namespace)[] MustNotUse =
    [
        ("src/Quorum/Controller/", "KRaftSharp.Quorum.Raft.Driver"),
        ("src/Quorum/Metadata/", "KRaftSharp.Quorum.Controller"),
        ("src/Quorum/Raft/", "KRaftSharp.Quorum.Controller"),
        ("src/Quorum/Raft/", "KRaftSharp.Quorum.Metadata"),
        ("src/Broker/Network/", "KRaftSharp.Broker.Handlers"),
        ("src/Broker/Network/", "KRaftSharp.Broker.Replication"),
        ("src/Broker/Replication/", "KRaftSharp.Broker.Handlers"),
    ];

    public static TheoryData<string> Projects => [.. MaySee.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_RefersOnlyToLayersBelow(string name)
    {
        IEnumerable<string> seen = Assembly.Load(name).GetReferencedAssemblies()
            .Select(reference => reference.Name!).Where(MaySee.ContainsKey);

        Assert.Empty(seen.Except(MaySee[name]));
    }

    [Fact]
    public void ProjectFiles_ReferOnlyToLayersBelow()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj",
            SearchOption.AllDirectories))
        {
            XDocument project = XDocument.Load(file);
            string name = project.Descendants("AssemblyName").FirstOrDefault()?.Value
                ?? Path.GetFileNameWithoutExtension(file);
            IEnumerable<string> references = project.Descendants("ProjectReference")
                .Where(reference => reference.Attribute("OutputItemType") is null)
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
            if (name == "KRaftSharp.Protocol.Generator")
            {
                Assert.Empty(references);
            }
            else
            {
                Assert.Empty(references.Except(MaySee[name]));
            }
        }
    }

    [Fact]
    public void Folders_DoNotUseWhatTheyMustNotKnow()
    {
        var found =
            from rule in MustNotUse
            from file in SourceTree.CSharpFiles
            where file.StartsWith(rule.Folder, StringComparison.Ordinal)
            from directive in SourceTree.Parse(file).Usings
            let used = directive.Name?.ToString() ?? ""
            where used == rule.Namespace || used.StartsWith(rule.Namespace + ".", StringComparison.Ordinal)
            select $"{file} uses {used}";

        Assert.Empty(found);
    }
}
