using KRaftSharp.Protocol.Generator.Model;
using KRaftSharp.Protocol.Generator.Parsing;
using Microsoft.CodeAnalysis.Text;

namespace KRaftSharp.Tests.Unit.Protocol.Generator;

/// <summary>Every mistake in a schema file has its own diagnostic, at the word that is wrong.</summary>
public sealed class SchemaRuleTests
{
    private const string Head = "data D versions 0..3 flexible 2.. {\n";

    [Theory]
    [InlineData("data D versions 0..3 flexible 2.. {\n  int A extra\n}", "KRS001", 1)]
    [InlineData("data D versions 0..3 x {\n}", "KRS001", 0)]
    [InlineData("data D versions zero {\n}", "KRS001", 0)]
    [InlineData(Head + "  int A since x\n}", "KRS001", 1)]
    [InlineData("message D versions 0 {\n}", "KRS002", 0)]
    [InlineData(Head + "  int16 A\n}", "KRS003", 1)]
    [InlineData(Head + "  Other[] A\n}", "KRS003", 1)]
    [InlineData(Head + "  int A\n  long A\n}", "KRS004", 2)]
    [InlineData(Head + "  struct S {\n  }\n  struct S {\n  }\n}", "KRS005", 3)]
    [InlineData("data D versions 3..0 {\n}", "KRS006", 0)]
    [InlineData(Head + "  int A since 4\n}", "KRS006", 1)]
    [InlineData(Head + "  S[] A since 2 {\n    int B since 1\n  }\n}", "KRS006", 2)]
    [InlineData(Head + "  int A since 2 tag 0\n  int B since 2 tag 0\n}", "KRS007", 2)]
    [InlineData(Head + "  int A since 1 tag 0\n}", "KRS007", 1)]
    [InlineData(Head + "  sbyte A = 128\n}", "KRS008", 1)]
    [InlineData(Head + "  int A = null\n}", "KRS008", 1)]
    [InlineData(Head + "  string A = text\n}", "KRS008", 1)]
    [InlineData(Head + "  bool A = 1\n}", "KRS008", 1)]
    [InlineData(Head + "  int? A\n}", "KRS009", 1)]
    [InlineData(Head + "  int A\n", "KRS010", 0)]
    [InlineData(Head + "  S[] A {\n    S[] B\n  }\n}", "KRS011", 0)]
    [InlineData("metadata D versions 0 {\n}", "KRS013", 0)]
    [InlineData("data D 1 versions 0 {\n}", "KRS013", 0)]
    public void Mistake_HasItsDiagnostic(string schema, string id, int line)
    {
        SchemaFile file = SchemaParser.Parse("a.schema", SourceText.From(schema));

        Assert.Equal((id, line), (file.Diagnostics.Single().Id, file.Diagnostics.Single().Line));
        Assert.Empty(file.Messages);
    }

    [Fact]
    public void Schema_WithoutMistakes_GivesTheModel()
    {
        const string Schema = """
            // A comment.
            request FooRequest 7 versions 1..4 flexible 3.. on controller broker forwardable unstable {
                string? Name since 2 until 3 = null ignorable   // another
                Part[]? Parts nullable since 3 {
                    long Offset = -1
                }
                Part2 Extra since 3 tag 5
                struct Part2 {
                    int Part2
                }
            }
            """;

        MessageModel model = SchemaParser.Parse("a.schema", SourceText.From(Schema)).Messages.Single();

        Assert.Equal((MessageKind.Request, 7, 3), (model.Kind, model.Key, model.FlexibleFrom));
        Assert.Equal(
            ApiTraits.Broker | ApiTraits.Controller | ApiTraits.Forwardable | ApiTraits.Unstable, model.Traits);
        Assert.Equal(["Name", "Parts", "Extra"], model.Body.Fields.Select(field => field.Name));
        Assert.Equal(new VersionRange(2, 3), model.Body.Fields[0].Versions);
        Assert.True(model.Body.Fields[0] is { DefaultIsNull: true, Ignorable: true, NullableFrom: 2 });
        Assert.Equal((3, "Part"), (model.Body.Fields[1].NullableFrom, model.Body.Fields[1].StructClass));
        Assert.Equal((5, "Part2Value"), (model.Body.Fields[2].Tag, model.Body.Fields[2].StructClass));
        Assert.Equal("-1", model.Structs.Single(inner => inner.Name == "Part").Fields[0].Default);
    }
}
