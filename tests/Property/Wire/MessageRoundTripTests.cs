using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Tests.Property.Wire;

/// <summary>What is written is read again: every message, every version, any value.</summary>
public sealed class MessageRoundTripTests
{
    [Property(MaxTest = 3000)]
    public void Message_WrittenAndRead_IsTheSame(int pick, byte[] entropy)
    {
        (MessageModel model, short version) = MessageModels.Pick(pick);
        AssertRoundTrip(model, version, entropy);
    }

    [Fact]
    public void EveryVersion_WrittenAndRead_IsTheSame()
    {
        byte[] entropy = new byte[600];
        foreach ((MessageModel model, short version) in MessageModels.All)
        {
            for (int i = 0; i < entropy.Length; i++)
            {
                entropy[i] = (byte)((entropy[i] * 31) + (i * 7) + version + model.Name.Length);
            }

            AssertRoundTrip(model, version, entropy);
        }
    }

    [Property(MaxTest = 1000)]
    public void Message_ReadOverAnother_IsTheSame(int pick, byte[] first, byte[] second)
    {
        (MessageModel model, short version) = MessageModels.Pick(pick);
        byte[] bytes = MessageCodec.Encode(new MessageBuilder(model, version, new Entropy(second)).Build(), version);
        IMessage target = new MessageBuilder(model, version, new Entropy(first)).Build();

        Assert.True(MessageCodec.TryDecode(bytes, version, target, out WireError error), error.ToString());

        Assert.Equal(bytes, MessageCodec.Encode(target, version));
    }

    private static void AssertRoundTrip(MessageModel model, short version, byte[] entropy)
    {
        IMessage message = new MessageBuilder(model, version, new Entropy(entropy)).Build();
        byte[] bytes = MessageCodec.Encode(message, version);
        IMessage read = MessageModels.New(model);

        Assert.True(MessageCodec.TryDecode(bytes, version, read, out WireError error), $"{model.Name}: {error}");
        Assert.Equal(MessageCodec.SizeOf(message, version), bytes.Length);
        Assert.Equal(bytes, MessageCodec.Encode(read, version));
        Assert.Equal(Json(message, version), Json(read, version));
    }

    private static string Json(IMessage message, short version)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            message.WriteJson(json, version);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
