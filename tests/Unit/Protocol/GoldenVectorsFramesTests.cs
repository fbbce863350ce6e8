using System.Text.Json;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Protocol;

/// <summary>Whole requests and responses with their headers.</summary>
public sealed class GoldenVectorsFramesTests
{
    private const int HeaderTag = 9;

    private static readonly Lazy<Dictionary<string, List<JsonElement>>> Vectors = new(() =>
        VectorFiles.Lines("frames").GroupBy(line => line.GetProperty("message").GetString()!)
            .ToDictionary(group => group.Key, group => group.ToList()));

    public static TheoryData<string> Messages => [.. Vectors.Value.Keys];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Frame_IsKafkas(string message)
    {
        foreach (JsonElement line in Vectors.Value[message])
        {
            bool isRequest = line.GetProperty("direction").GetString() == "request";
            Exception? failure = Record.Exception(() => Check(line, isRequest));
            Assert.True(failure is null, $"{VectorFiles.Describe(line)}: {failure}");
        }
    }

    private static void Check(JsonElement line, bool isRequest)
    {
        var body = (IApiMessage)MessageTypes.New(line.GetProperty("message").GetString()!);
        MessageJson.Fill(body, line.GetProperty("json"));
        Assert.Equal((ApiKey)line.GetProperty("apiKey").GetInt16(), body.Key);
        Assert.Equal(isRequest, body.IsRequest);
        if (isRequest)
        {
            CheckRequest(line, body);
        }
        else
        {
            CheckResponse(line, body);
        }
    }

    private static void CheckRequest(JsonElement line, IApiMessage body)
    {
        short version = line.GetProperty("version").GetInt16();
        byte[] frame = VectorFiles.Hex(line);
        var header = new RequestHeader
        {
            RequestApiKey = (short)body.Key,
            RequestApiVersion = version,
            CorrelationId = line.GetProperty("correlationId").GetInt32(),
            ClientId = line.GetProperty("clientId").GetString(),
            UnknownTags = TagsOf(line),
        };
        Assert.Equal(
            line.GetProperty("headerVersion").GetInt16(), ApiTable.Get(body.Key)!.RequestHeaderVersion(version));
        AssertBytes(frame, RequestFrame.Encode(header, body));

        Assert.True(RequestFrame.TryDecode(
            frame.AsMemory(sizeof(int)), out RequestHeader read, out IApiMessage? decoded, out short spoken, out _));
        Assert.Equal(version, spoken);
        Assert.Equal((header.CorrelationId, header.ClientId), (read.CorrelationId, read.ClientId));
        Assert.Null(MessageJson.Difference(line.GetProperty("json"), MessageJson.Write(decoded!, version)));
        AssertBytes(frame, RequestFrame.Encode(read, decoded!));
    }

    private static void CheckResponse(JsonElement line, IApiMessage body)
    {
        short version = line.GetProperty("version").GetInt16();
        byte[] frame = VectorFiles.Hex(line);
        var header = new ResponseHeader
        {
            CorrelationId = line.GetProperty("correlationId").GetInt32(),
            UnknownTags = TagsOf(line),
        };
        Assert.Equal(
            line.GetProperty("headerVersion").GetInt16(), ApiTable.Get(body.Key)!.ResponseHeaderVersion(version));
        AssertBytes(frame, ResponseFrame.Encode(header, body, version));

        Assert.True(ResponseFrame.TryDecode(
            frame.AsMemory(sizeof(int)), body.Key, version, out ResponseHeader read, out IApiMessage? decoded, out _));
        Assert.Equal(header.CorrelationId, read.CorrelationId);
        Assert.Equal(header.CorrelationId, ResponseFrame.CorrelationIdOf(frame.AsSpan(sizeof(int))));
        Assert.Null(MessageJson.Difference(line.GetProperty("json"), MessageJson.Write(decoded!, version)));
        AssertBytes(frame, ResponseFrame.Encode(read, decoded!, version));
    }

    private static TaggedFields? TagsOf(JsonElement line)
    {
        if (!line.TryGetProperty("headerTag9", out _))
        {
            return null;
        }

        var tags = new TaggedFields();
        tags.Add(HeaderTag, VectorFiles.Hex(line, "headerTag9"));
        return tags;
    }

    private static void AssertBytes(byte[] expected, EncodedFrame encoded)
    {
        using (encoded)
        {
            Assert.Equal(expected.Length, encoded.Length);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(encoded.ToArray()));
        }
    }
}
