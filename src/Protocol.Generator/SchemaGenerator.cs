using System.Collections.Immutable;
using System.Text;
using KRaftSharp.Protocol.Generator.Diagnostics;
using KRaftSharp.Protocol.Generator.Emit;
using KRaftSharp.Protocol.Generator.Model;
using KRaftSharp.Protocol.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace KRaftSharp.Protocol.Generator;

/// <summary>Turns every schema file among the additional files into message classes. Looks at nothing else, so that
/// no edit of C# code makes it run again.</summary>
[Generator]
public sealed class SchemaGenerator : IIncrementalGenerator
{
    /// <summary>The step that reads a file.</summary>
    public const string ParseStep = "Parse";

    /// <summary>The step that keeps what factory and table need.</summary>
    public const string CatalogueStep = "Catalogue";

    private const string Extension = ".schema";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<SchemaFile> files = context.AdditionalTextsProvider
            .Where(static text => text.Path.EndsWith(Extension, StringComparison.Ordinal))
            .Select(static (text, cancellation) => SchemaParser.Parse(
                text.Path, text.GetText(cancellation) ?? SourceText.From("", Encoding.UTF8)))
            .WithTrackingName(ParseStep);
        IncrementalValueProvider<EquatableArray<CatalogueEntry>> catalogue = files
            .SelectMany(static (file, _) => file.Messages.Select(message => Entry(file, message)))
            .Collect()
            .Select(static (entries, _) => Sort(entries))
            .WithTrackingName(CatalogueStep);

        context.RegisterSourceOutput(files, static (output, file) => EmitFile(output, file));
        context.RegisterSourceOutput(catalogue, static (output, entries) => EmitCatalogue(output, entries));
    }

    private static CatalogueEntry Entry(SchemaFile file, MessageModel message) => new(
        message.Kind,
        message.Key,
        message.Name,
        message.Versions,
        message.FlexibleFrom,
        message.Traits,
        file.Path);

    private static EquatableArray<CatalogueEntry> Sort(ImmutableArray<CatalogueEntry> entries) =>
        new([.. entries.OrderBy(entry => entry.Kind).ThenBy(entry => entry.Key)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal)]);

    private static void EmitFile(SourceProductionContext output, SchemaFile file)
    {
        foreach (SchemaDiagnostic diagnostic in file.Diagnostics)
        {
            output.ReportDiagnostic(diagnostic.ToDiagnostic());
        }

        string prefix = Path.GetFileNameWithoutExtension(file.Path);
        foreach (MessageModel message in file.Messages)
        {
            SourceText source = SourceText.From(MessageEmitter.Emit(message), Encoding.UTF8);
            output.AddSource($"{prefix}.{message.Name}.g.cs", source);
        }
    }

    private static void EmitCatalogue(SourceProductionContext output, EquatableArray<CatalogueEntry> entries)
    {
        var names = new HashSet<string>();
        var numbers = new HashSet<(MessageKind, int)>();
        var unique = new List<CatalogueEntry>();
        foreach (CatalogueEntry entry in entries)
        {
            if (names.Add(entry.Name) && (entry.Key < 0 || numbers.Add((entry.Kind, entry.Key))))
            {
                unique.Add(entry);
                continue;
            }

            output.ReportDiagnostic(
                new SchemaDiagnostic(SchemaRules.DuplicateMessage, entry.Path, 0, 0, 0, entry.Name).ToDiagnostic());
        }

        output.AddSource("MessageFactory.g.cs", SourceText.From(CatalogueEmitter.EmitFactory(unique), Encoding.UTF8));
        output.AddSource("ApiTable.g.cs", SourceText.From(CatalogueEmitter.EmitApiRows(unique), Encoding.UTF8));
    }
}
