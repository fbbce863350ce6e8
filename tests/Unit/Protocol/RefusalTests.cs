using System.Reflection;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Generator.Model;
using KRaftSharp.Protocol.Generator.Parsing;
using KRaftSharp.Tests.Unit.Architecture;
using Microsoft.CodeAnalysis.Text;

namespace KRaftSharp.Tests.Unit.Protocol;

/// <summary>What a version lacks: ignorable fields are dropped, all others refused.</summary>
public sealed class RefusalTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "src", "Protocol", "Schema");

    private static readonly Lazy<List<MessageModel>> Models = new(() =>
        [.. Directory.GetFiles(Folder, "*.schema", SearchOption.AllDirectories).SelectMany(file =>
            SchemaParser.Parse(file, SourceText.From(File.ReadAllText(file))).Messages)]);

    [Fact]
    public void AbsentField_OfTheMessageItself_IsRefusedUnlessIgnorable()
    {
        int refused = 0;
        foreach (MessageModel model in Models.Value)
        {
            foreach (FieldModel field in model.Body.Fields)
            {
                for (short version = (short)model.Versions.Low; version <= model.Versions.High; version++)
                {
                    if (version < field.Versions.Low || version > field.Versions.High)
                    {
                        refused += AssertAbsent(model.Name, field, version);
                    }
                }
            }
        }

        Assert.True(refused > 100, $"{refused} fields were refused");
    }

    [Fact]
    public void AbsentField_OfAnElement_IsRefusedUnlessIgnorable()
    {
        int refused = 0;
        foreach (MessageModel model in Models.Value)
        {
            foreach (FieldModel list in model.Body.Fields.Where(field => field.IsList && field.StructClass is not null))
            {
                StructModel inner = model.Structs.First(other => other.ClassName == list.StructClass);
                foreach (FieldModel field in inner.Fields)
                {
                    short version = (short)list.Versions.Low;
                    if (version < field.Versions.Low)
                    {
                        refused += AssertAbsentInElement(model.Name, list, field, version);
                    }
                }
            }
        }

        Assert.True(refused > 5, $"{refused} fields were refused");
    }

    [Fact]
    public void Version_ThatTheMessageLacks_IsRefused()
    {
        var request = new KRaftSharp.Protocol.Messages.ProduceRequest();

        Assert.Throws<UnsupportedFieldException>(() => MessageCodec.Encode(request, 2));
        Assert.Throws<UnsupportedFieldException>(() => MessageCodec.Encode(request, 14));
    }

    [Fact]
    public void Null_WhereTheVersionHasNone_IsRefused()
    {
        var request = new KRaftSharp.Protocol.Messages.MetadataRequest { Topics = null };

        Assert.Throws<UnsupportedFieldException>(() => MessageCodec.Encode(request, 0));
        Assert.Equal("FFFFFFFF", Convert.ToHexString(MessageCodec.Encode(request, 1)));
    }

    [Fact]
    public void String_LongerThan32767Bytes_IsRefused()
    {
        var request = new KRaftSharp.Protocol.Messages.FindCoordinatorRequest { Key = new string('x', 32768) };

        Assert.Throws<UnsupportedFieldException>(() => MessageCodec.Encode(request, 3));
    }

    private static int AssertAbsent(string name, FieldModel field, short version)
    {
        IMessage message = MessageTypes.New(name);
        SetToOther.Value(message, message.GetType().GetProperty(field.Name)!);
        return AssertOutcome(name, message, field, version);
    }

    private static int AssertAbsentInElement(string name, FieldModel list, FieldModel field, short version)
    {
        IMessage message = MessageTypes.New(name);
        PropertyInfo property = message.GetType().GetProperty(list.Name)!;
        SetToOther.Value(message, property);
        object element = ((System.Collections.IList)property.GetValue(message)!)[0]!;
        SetToOther.Value(element, element.GetType().GetProperty(field.Name)!);
        return AssertOutcome(name, message, field, version);
    }

    private static int AssertOutcome(string name, IMessage message, FieldModel field, short version)
    {
        Exception? thrown = Record.Exception(() => MessageCodec.Encode(message, version));
        Assert.True(field.Ignorable == (thrown is null), $"{name}.{field.Name} v{version}: {thrown}");
        Assert.True(thrown is null or UnsupportedFieldException, $"{name}.{field.Name} v{version}: {thrown}");
        return thrown is null ? 0 : 1;
    }
}
