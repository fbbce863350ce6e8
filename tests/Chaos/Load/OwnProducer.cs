using System.Diagnostics;
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Producer;
using KRaftSharp.History;

namespace KRaftSharp.Chaos.Load;

/// <summary>An idempotent producer of src/Client with default retries, whose sends go into the history.</summary>
internal sealed class OwnProducer(
    string name, string bootstrap, string topic, int partitions, OperationHistory history, LoadStats stats)
{
    private const int MostOpen = 5000;
    private readonly SemaphoreSlim _open = new(MostOpen);

    public async Task RunAsync(int rate, CancellationToken stop)
    {
        await using KafkaProducer producer = KafkaProducer.Create(new ProducerOptions
        {
            BootstrapServers = bootstrap,
            ClientId = name,
            EnableIdempotence = true,
        });
        Pacer pacer = new(rate);
        List<Task> sends = [];
        try
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                await pacer.NextAsync(stop);
                await _open.WaitAsync(stop);
                sends.Add(SendAsync(producer, i));
                if (sends.Count > MostOpen)
                {
                    sends.RemoveAll(send => send.IsCompleted);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // No new work; what is under way is finished.
        }

        await Task.WhenAll(sends);
    }

    private async Task SendAsync(KafkaProducer producer, int number)
    {
        string value = $"{name}-{number}";
        int partition = number % partitions;
        Sent sent = history.Send(name, new PartitionId(topic, partition), value);
        long from = Stopwatch.GetTimestamp();
        try
        {
            RecordMetadata written = await producer.SendAsync(new ProducerRecord
            {
                Topic = topic,
                Partition = partition,
                Value = Encoding.UTF8.GetBytes(value),
            });
            sent.Acknowledge(written.Offset);
            stats.OnAcknowledged(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }
        catch (KafkaException error)
        {
            stats.OnError($"{name}: {value} was not acknowledged: {error.Message}");
        }
        finally
        {
            _open.Release();
        }
    }
}
