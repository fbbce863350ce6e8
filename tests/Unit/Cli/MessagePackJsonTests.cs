using System.Text;
using System.Text.Json;
using KRaftSharp.Cli.Records;

namespace KRaftSharp.Tests.Unit.Cli;

public sealed class MessagePackJsonTests
{
    /// <summary>Bytes as MessagePack's own specification has them.</summary>
    [Theory]
    [InlineData("c0", "null")]
    [InlineData("c3", "true")]
    [InlineData("7f", "127")]
    [InlineData("ff", "-1")]
    [InlineData("cfffffffffffffffff", "18446744073709551615")]
    [InlineData("d38000000000000000", "-9223372036854775808")]
    [InlineData("ca3fc00000", "1.5")]
    [InlineData("cb7ff8000000000000", "null")]
    [InlineData("a568c3a96c6f", "\"h\\u00E9lo\"")]
    [InlineData("c403010203", "\"AQID\"")]
    [InlineData("9301a161c2", "[1,\"a\",false]")]
    [InlineData("82a161010291c0", "{\"a\":1,\"2\":[null]}")]
    [InlineData("d505aabb", "{\"type\":5,\"base64\":\"qrs=\"}")]
    [InlineData("d6ff00000000", "\"1970-01-01T00:00:00Z\"")]
    public void Write_AnyValue_IsJson(string hex, string expected) =>
        Assert.Equal(expected, Json(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("c1")]
    [InlineData("0101")]
    [InlineData("dd7fffffff")]
    [InlineData("df7fffffff01")]
    [InlineData("db7fffffff61")]
    [InlineData("c67fffffff61")]
    [InlineData("c97fffffff0561")]
    public void Write_WhatIsNone_IsAnErrorAndTakesNoMemory(string hex)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<FormatException>(() => Json(Convert.FromHexString(hex)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Write_DeepNesting_IsAnError() =>
        Assert.Throws<FormatException>(() => Json([.. Enumerable.Repeat((byte)0x91, 5_000)]));

    [Theory]
    [InlineData("{\"a\":[1,-2,1.5,true,null,\"x\"],\"b\":{}}")]
    [InlineData("18446744073709551615")]
    public void FromJson_ComesBack(string json) =>
        Assert.Equal(json, Json(MessagePackJson.FromJson(Encoding.UTF8.GetBytes(json)).Span));

    [Fact]
    public void FromJson_NoJson_IsAnError() =>
        Assert.Throws<FormatException>(() => MessagePackJson.FromJson("{"u8.ToArray()));

    private static string Json(ReadOnlySpan<byte> bytes)
    {
        using MemoryStream output = new();
        using (Utf8JsonWriter json = new(output))
        {
            MessagePackJson.Write(json, bytes);
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }
}
