using System.Text;
using KRaftSharp.Client.Producer;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Tests.Unit.Client;

/// <summary>What an application does wrong in its callbacks stays its own.</summary>
public sealed class ProducerCallbackTests
{
    [Fact]
    public async Task CallbackThatThrows_IsLogged_AndTheOthersAndTheSenderGoOn()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        using RecordingLoggers loggers = new();
        ProducerOptions options = new()
        {
            BootstrapServers = "broker:1",
            Linger = TimeSpan.FromSeconds(30),
            Loggers = loggers,
        };
        await using KafkaProducer producer = KafkaProducer.Create(options, cluster.Runtime);
        List<long> offsets = [];
        InvalidOperationException mistake = new("mine");
        await producer.PostAsync(Record("a"), (_, _) => throw mistake);
        await producer.PostAsync(Record("b"), (where, _) => offsets.Add(where.Offset));
        await producer.FlushAsync();

        Task<RecordMetadata> later = producer.SendAsync(Record("c")).AsTask();
        await producer.FlushAsync();

        Assert.Equal([1], offsets);
        Assert.Equal(2, (await later).Offset);
        var entry = Assert.Single(loggers.Entries, entry => entry.Error == mistake);
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.Contains("t-0", entry.Message);
    }

    private static ProducerRecord Record(string value) =>
        new() { Topic = ModelCluster.Topic, Value = Encoding.UTF8.GetBytes(value) };
}
