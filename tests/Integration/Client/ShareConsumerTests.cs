using System.Collections.Concurrent;
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Serialization;
using KRaftSharp.Client.Sharing;
using KRaftSharp.Protocol;
using KRaftSharp.Testing;

namespace KRaftSharp.Tests.Integration.Client;

/// <summary>Members of share groups against nodes of ours, over sockets.</summary>
public sealed class ShareConsumerTests : IAsyncLifetime
{
    private const string Topic = "orders";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private KafkaTestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await KafkaTestCluster.StartAsync(nodes: 3);
        await _cluster.CreateTopicAsync(Topic, partitions: 3);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(ShareAcquireMode.BatchOptimized)]
    [InlineData(ShareAcquireMode.RecordLimit)]
    public async Task Members_ShareTheRecords_EachIsAcceptedOnce(ShareAcquireMode mode)
    {
        await BeginAtTheStartAsync("g");
        await ProduceAsync(60);
        ConcurrentBag<string> read = [];
        using CancellationTokenSource stop = new(Patience);
        Task[] members =
        [
            .. Enumerable.Range(0, 2).Select(_ => ReadAsync(
                Options("g") with { AcquireMode = mode, MaxPollRecords = 7 }, read, stop.Token)),
        ];

        await UntilAsync(() => read.Count >= 60, stop.Token);
        await stop.CancelAsync();
        await Task.WhenAll(members);

        Assert.Equal(60, read.Count);
        Assert.Equal(60, read.Distinct().Count());
        await using KafkaShareConsumer after = _cluster.CreateShareConsumer(Options("g"));
        after.Subscribe(Topic);
        Assert.Empty(await after.PollAsync(TimeSpan.FromMilliseconds(700)));
    }

    [Fact]
    public async Task Explicit_ReleasedComesAgain_RejectedNever_ClosingGivesBackTheRest()
    {
        await BeginAtTheStartAsync("g");
        await ProduceAsync(3, partition: 0);
        ShareConsumerOptions options = Options("g") with { AcknowledgementMode = AcknowledgementMode.Explicit };
        KafkaShareConsumer first = _cluster.CreateShareConsumer(options);
        first.Subscribe(Topic);
        IReadOnlyList<ConsumerRecord> records = await TakeAsync(first, 3);
        Assert.All(records, record => Assert.Equal(1, record.DeliveryCount));
        Assert.NotNull(first.AcquisitionLockTimeout);

        first.Acknowledge(records[0], AcknowledgeType.Reject);
        first.Acknowledge(records[1], AcknowledgeType.Release);
        first.Acknowledge(records[2], AcknowledgeType.Renew);
        AcknowledgementOutcome outcome = Assert.Single(await first.CommitAsync());
        Assert.Null(outcome.Error);
        Assert.Equal([0, 1, 2], outcome.Offsets);
        ConsumerRecord again = Assert.Single(await TakeAsync(first, 1));
        Assert.Equal((1, 2), (again.Offset, again.DeliveryCount));
        InvalidOperationException silent = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await first.PollAsync(TimeSpan.Zero));
        Assert.Contains("offset 1", silent.Message, StringComparison.Ordinal);
        await first.DisposeAsync();

        await using KafkaShareConsumer second = _cluster.CreateShareConsumer(options);
        second.Subscribe(Topic);
        Assert.Equal(
            [(1, 3), (2, 2)],
            (await TakeAsync(second, 2)).Select(record => (record.Offset, (int)record.DeliveryCount!)));
    }

    [Fact]
    public async Task LeaderIsKilled_TheOthersGoOn()
    {
        await BeginAtTheStartAsync("g");
        await ProduceAsync(30);
        ConcurrentBag<string> read = [];
        using CancellationTokenSource stop = new(Patience);
        Task member = ReadAsync(Options("g") with { MaxPollRecords = 3 }, read, stop.Token);
        await UntilAsync(() => !read.IsEmpty, stop.Token);

        await _cluster.Nodes[0].KillAsync();
        await UntilAsync(() => read.Distinct().Count() >= 30, stop.Token);
        await stop.CancelAsync();
        await member;

        Assert.Equal(30, read.Distinct().Count());
    }

    [Fact]
    public async Task Typed_WhatCannotBeRead_IsReleased()
    {
        await BeginAtTheStartAsync("g");
        await _cluster.ProduceAsync(Topic, "k", "no number");
        await using KafkaShareConsumer consumer = _cluster.CreateShareConsumer(Options("g"));
        consumer.Subscribe(Topic);
        TypedShareConsumer<string?, int> numbers = new(consumer, Deserializers.Utf8, Deserializers.Int32);
        using CancellationTokenSource patience = new(Patience);

        for (int delivery = 1; delivery <= 2; delivery++)
        {
            RecordDeserializationException error = await Assert.ThrowsAsync<RecordDeserializationException>(
                async () => await numbers.ReadAsync(patience.Token).GetAsyncEnumerator().MoveNextAsync());
            Assert.Equal(delivery, error.Record!.DeliveryCount);
        }
    }

    [Fact]
    public async Task Subscribe_ShareGroupsAreOff_IsAnError()
    {
        using IDisposable off = _cluster.Faults.Fail(ApiKey.ShareGroupHeartbeat, ErrorCode.UnsupportedVersion);
        await using KafkaShareConsumer consumer = _cluster.CreateShareConsumer(Options("g"));
        consumer.Subscribe(Topic);

        KafkaException error = await Assert.ThrowsAsync<KafkaException>(
            async () => await consumer.PollAsync(Patience));

        Assert.Equal(ErrorCode.UnsupportedVersion, error.Code);
    }

    private static ShareConsumerOptions Options(string group) => new() { GroupId = group };

    private static async Task<IReadOnlyList<ConsumerRecord>> TakeAsync(KafkaShareConsumer consumer, int count)
    {
        IReadOnlyList<ConsumerRecord> records = await consumer.PollAsync(Patience);
        Assert.Equal(count, records.Count);
        return records;
    }

    private static async Task UntilAsync(Func<bool> isSo, CancellationToken cancellation)
    {
        while (!isSo() && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task ReadAsync(
        ShareConsumerOptions options, ConcurrentBag<string> read, CancellationToken cancellation)
    {
        await using KafkaShareConsumer consumer = _cluster.CreateShareConsumer(options);
        consumer.OnAcknowledged = outcome => Assert.NotEmpty(outcome.Offsets);
        consumer.Subscribe(Topic);
        try
        {
            await foreach (ConsumerRecord record in consumer.ReadAsync(cancellation))
            {
                read.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
            }
        }
        catch (OperationCanceledException)
        {
            await consumer.CommitAsync(CancellationToken.None);
        }
    }

    private async Task BeginAtTheStartAsync(string group)
    {
        await using KafkaAdmin admin = _cluster.CreateAdmin();
        await admin.Configs.AlterAsync(
            ConfigResource.Group(group), [ConfigChange.Set("share.auto.offset.reset", "earliest")]);
    }

    private async Task ProduceAsync(int count, int? partition = null)
    {
        await using var producer = _cluster.CreateProducer();
        for (int i = 0; i < count; i++)
        {
            await producer.PostAsync(new()
            {
                Topic = Topic,
                Partition = partition,
                Key = Encoding.UTF8.GetBytes($"{i}"),
                Value = Encoding.UTF8.GetBytes($"{i}"),
            });
        }

        await producer.FlushAsync();
    }
}
