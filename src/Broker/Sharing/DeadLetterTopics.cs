using System.Globalization;
using KRaftSharp.Broker.Node;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Sharing;

/// <summary>The topics that are dead letter queues: which may be, and their creation on demand.</summary>
internal sealed class DeadLetterTopics(
    ControllerChannel controller, EffectiveConfigs configs, Func<MetadataImage> image, TimeProvider time)
{
    private const string IsQueue = "errors.deadletterqueue.group.enable";
    private const string MayCreate = "errors.deadletterqueue.auto.create.topics.enable";
    private const string NamePrefix = "errors.deadletterqueue.topic.name.prefix";
    private const string ReservedPrefix = "__";
    private const short CreateVersion = 7;
    private const int TimeoutMs = 30_000;
    private const int MaxAttempts = 5;
    private const long FirstBackoffMs = 1_000;

    public TopicsImage Current => image().Topics;

    public int MaxMessageBytes(string queue) =>
        int.Parse(configs.TopicValue(image().Configs, queue, "max.message.bytes")!, CultureInfo.InvariantCulture);

    /// <summary>Makes the topic where it may and has to; null once it may be written to.</summary>
    public async Task<string?> WhyUnusableAsync(string queue) =>
        WhyUnusable(queue) ?? await CreateIfMissingAsync(queue);

    private string? WhyUnusable(string queue)
    {
        MetadataImage now = image();
        string prefix = configs.BrokerValue(now.Configs, NamePrefix) ?? "";
        if (queue.Length == 0 || queue.StartsWith(ReservedPrefix, StringComparison.Ordinal)
            || !queue.StartsWith(prefix, StringComparison.Ordinal))
        {
            return $"its name must begin with '{prefix}' and not with '{ReservedPrefix}'";
        }

        if (now.Topics.TryGet(queue, out _))
        {
            return IsTrue(configs.TopicValue(now.Configs, queue, IsQueue)) ? null : $"the topic does not set {IsQueue}";
        }

        return IsTrue(configs.BrokerValue(now.Configs, MayCreate))
            ? null
            : "the topic does not exist and is not to be created";
    }

    private async Task<string?> CreateIfMissingAsync(string queue)
    {
        long backoffMs = FirstBackoffMs;
        for (int attempt = 0; !image().Topics.TryGet(queue, out _); attempt++)
        {
            if (attempt == MaxAttempts)
            {
                return "the topic could not be created";
            }

            CreateTopicsRequest.CreatableTopic topic = new()
            {
                Name = queue,
                NumPartitions = -1,
                ReplicationFactor = -1,
                Configs =
                [
                    new() { Name = IsQueue, Value = "true" },
                    new() { Name = "message.timestamp.type", Value = "CreateTime" },
                ],
            };
            using (await controller.SendAsync(
                new CreateTopicsRequest { TimeoutMs = TimeoutMs, Topics = [topic] }, CreateVersion,
                TimeSpan.FromMilliseconds(TimeoutMs)))
            {
                // Whatever it says: the metadata tells whether the topic is there.
            }

            for (int look = 0; look < 10 && !image().Topics.TryGet(queue, out _); look++)
            {
                await PauseAsync(backoffMs / 10);
            }

            backoffMs *= 2;
        }

        return null;
    }

    private static bool IsTrue(string? text) => bool.TryParse(text, out bool value) && value;

    private async Task PauseAsync(long delayMs)
    {
        TaskCompletionSource elapsed = new();
        await using ITimer timer = time.CreateTimer(
            _ => elapsed.TrySetResult(), null, TimeSpan.FromMilliseconds(delayMs), Timeout.InfiniteTimeSpan);
        await elapsed.Task;
    }
}
