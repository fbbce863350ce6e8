using System.Text;
using KRaftSharp.Cli.Records;
using KRaftSharp.Client;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Cli;

public sealed class RecordFormatTests
{
    [Theory]
    [InlineData("%s\\n", "value\n")]
    [InlineData("%t/%p@%o %k=%s", "flights/3@42 key=value")]
    [InlineData("%T|%h|%K|%S|%d", "1000|a=1,b=NULL|3|5|1")]
    [InlineData("100%% \\t\\\\", "100% \t\\")]
    public void Write_FillsInTheLetters(string format, string expected) => Assert.Equal(expected, Print(format));

    [Fact]
    public void Format_UnknownLetter_IsRefused() => Assert.Throws<ArgumentException>(() => new RecordFormat("%q"));

    private static string Print(string format)
    {
        using RecordBatchBuilder builder = new(new RecordBatchOptions { BaseOffset = 42 });
        builder.Append(
            1000, Encoding.UTF8.GetBytes("key"), Encoding.UTF8.GetBytes("value"),
            [new RecordHeader("a", Encoding.UTF8.GetBytes("1")), new RecordHeader("b", null)]);
        Assert.True(RecordBatchView.TryParse(builder.Build().Span, out RecordBatchView batch));
        using RecordReader records = new(batch);
        Assert.True(records.MoveNext());
        using PooledBytes output = new();
        new RecordFormat(format).Write(
            output, new PrintedRecord(new TopicPartition("flights", 3), records.Current));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
