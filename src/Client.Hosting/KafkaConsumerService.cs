using KRaftSharp.Client.Consumer;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Hosting;

/// <summary>A background service that consumes until the host stops: override <see cref="BeginAsync"/> to say what is
/// read and <see cref="HandleAsync"/> for the work.</summary>
/// <remarks>The service owns its consumer and closes it. An error that may pass (<see
/// cref="KafkaException.IsRetriable"/>)
/// is logged and tried again after <see cref="RetryPause"/>; any other ends the service, and with the host's default
/// the
/// host.</remarks>
public abstract partial class KafkaConsumerService(KafkaConsumer consumer, ILogger logger) : BackgroundService
{
    /// <summary>How long one poll waits for records.</summary>
    protected virtual TimeSpan PollTimeout => TimeSpan.FromSeconds(1);

    /// <summary>Between an error that may pass and the next poll.</summary>
    protected virtual TimeSpan RetryPause => TimeSpan.FromSeconds(1);

    /// <summary>The consumer, for those who commit, seek or pause.</summary>
    protected KafkaConsumer Consumer => consumer;

    /// <summary>Says what is read: assigns partitions, and seeks.</summary>
    protected abstract ValueTask BeginAsync(KafkaConsumer consumer, CancellationToken stopping);

    /// <summary>Works on what one poll has brought; its bytes are valid until this ends.</summary>
    protected abstract ValueTask HandleAsync(FetchedRecords records, CancellationToken stopping);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await BeginAsync(consumer, stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await StepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // As the host wants it.
        }
        finally
        {
            await consumer.DisposeAsync();
        }
    }

    private async Task StepAsync(CancellationToken stopping)
    {
        try
        {
            using FetchedRecords records = await consumer.PollAsync(PollTimeout, stopping);
            if (records.Partitions.Count > 0)
            {
                await HandleAsync(records, stopping);
            }
        }
        catch (KafkaException error) when (error.IsRetriable)
        {
            PollFailed(logger, error.Message);
            await Task.Delay(RetryPause, TimeProvider.System, stopping);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A poll failed and is tried again: {Reason}")]
    private static partial void PollFailed(ILogger logger, string reason);
}
