using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Generator.Model;
using KRaftSharp.Protocol.Generator.Parsing;
using KRaftSharp.Protocol.Messages;
using Microsoft.CodeAnalysis.Text;

namespace KRaftSharp.Tests.Property.Wire;

/// <summary>Every message with every version, from the schema files.</summary>
internal static class MessageModels
{
    public static readonly IReadOnlyList<(MessageModel Model, short Version)> All =
    [
        .. Directory.GetFiles(SchemaFolder(), "*.schema", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(file => SchemaParser.Parse(file, SourceText.From(File.ReadAllText(file))).Messages)
            .SelectMany(model => Enumerable.Range(model.Versions.Low, model.Versions.High - model.Versions.Low + 1)
                .Select(version => (model, (short)version))),
    ];

    public static (MessageModel Model, short Version) Pick(int number) => All[(int)((uint)number % (uint)All.Count)];

    public static IMessage New(MessageModel model) => (IMessage)Activator.CreateInstance(
        typeof(ProduceRequest).Assembly.GetType($"{typeof(ProduceRequest).Namespace}.{model.Name}", true)!)!;

    private static string SchemaFolder()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "KRaftSharp.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new FileNotFoundException("KRaftSharp.sln");
        }

        return Path.Combine(root, "src", "Protocol", "Schema");
    }
}
