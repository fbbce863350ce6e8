using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Unit.Controller;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Tests.Unit.Transactions;

/// <summary>Brokers 1 and 2; "out" has partition 0 at broker 1, 1 at broker 2 and 2 at nobody.</summary>
public sealed class MarkerSenderTests : IDisposable
{
    private const int BackoffMs = 50;

    private readonly ManualTime _time = new();
    private readonly List<Sent> _sent = [];
    private readonly MarkerSender _sender;
    private MetadataImage _image = ImageOf(leaderOfLast: -1);
    private int _finished;

    public MarkerSenderTests() => _sender = new MarkerSender(new MarkerSenderSettings
    {
        Image = () => _image,
        Send = (broker, request, completion) => _sent.Add(new Sent(broker, request, completion)),
        Time = _time,
        Logger = NullLogger.Instance,
        Fault = static error => Assert.Fail(error.ToString()),
    });

    public void Dispose() => _sender.Dispose();

    [Fact]
    public void Job_IsFinished_WhenEveryLeaderHasWritten()
    {
        _sender.Send(Job(7, 0, 1));
        Assert.Equal([1, 2], _sent.Select(static sent => sent.Broker));
        WriteTxnMarkersRequest.WritableTxnMarker marker = Assert.Single(_sent[0].Request.Markers);
        Assert.Equal((7L, (short)3, true, 5), (
            marker.ProducerId, marker.ProducerEpoch, marker.TransactionResult, marker.CoordinatorEpoch));

        _sent[0].Answer(ErrorCode.None);
        Assert.Equal(0, _finished);
        _sent[1].Answer(ErrorCode.None);
        Assert.Equal(1, _finished);
    }

    [Fact]
    public void MarkersForABusyBroker_GoTogetherInTheNextRequest()
    {
        _sender.Send(Job(7, 0));
        _sender.Send(Job(8, 0));
        _sender.Send(Job(9, 0));
        Assert.Single(_sent);

        _sent[0].Answer(ErrorCode.None);
        Assert.Equal([8L, 9L], _sent[1].Request.Markers.Select(static marker => marker.ProducerId));
        _sent[1].Answer(ErrorCode.None);
        Assert.Equal(3, _finished);
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderOrFollower)]
    [InlineData(ErrorCode.NotEnoughReplicasAfterAppend)]
    [InlineData(ErrorCode.UnknownTopicOrPartition)]
    public void WhatCouldNotBeWritten_IsSentAgainAfterAPause_AndNothingElse(ErrorCode error)
    {
        _sender.Send(Job(7, 0, 1));
        _sent[0].Answer(error);
        _sent[1].Answer(ErrorCode.None);
        Assert.Equal(2, _sent.Count);

        _time.Advance(BackoffMs);
        Assert.Equal(1, Assert.Single(_sent.Skip(2)).Broker);
        _sent[2].Answer(ErrorCode.None);
        Assert.Equal(1, _finished);
    }

    [Fact]
    public void NoAnswer_MeansThatAllIsSentAgain()
    {
        _sender.Send(Job(7, 0));
        _sent[0].Completion(null);
        _time.Advance(BackoffMs);
        _sent[1].Answer(ErrorCode.None);
        Assert.Equal(1, _finished);
    }

    [Fact]
    public void PartitionWithoutLeader_WaitsForOne()
    {
        _sender.Send(Job(7, 2));
        _time.Advance(3 * BackoffMs);
        Assert.Empty(_sent);

        _image = ImageOf(leaderOfLast: 2);
        _time.Advance(BackoffMs);
        Assert.Equal(2, Assert.Single(_sent).Broker);
    }

    [Fact]
    public void PartitionThatIsGone_NeedsNoMarker()
    {
        _sender.Send(Job(7, 9));
        Assert.Equal(1, _finished);
    }

    [Theory]
    [InlineData(ErrorCode.InvalidProducerEpoch)]
    [InlineData(ErrorCode.TransactionCoordinatorFenced)]
    public void JobThatWasOvertaken_IsLetGoOf(ErrorCode error)
    {
        _sender.Send(Job(7, 0, 1));
        _sent[0].Answer(error);
        _sent[1].Answer(ErrorCode.None);
        _time.Advance(3 * BackoffMs);
        Assert.Equal((2, 0), (_sent.Count, _finished));
    }

    [Fact]
    public void Cancel_EndsTheJobsOfTheTerm_AndNoOthers()
    {
        _sender.Send(Job(7, 0));
        _sender.Send(Job(8, 1) with { CoordinatorEpoch = 6 });
        _sender.Cancel(coordinatorPartition: 4, coordinatorEpoch: 5);
        _sent[0].Answer(ErrorCode.None);
        Assert.Equal(0, _finished);
        _sent[1].Answer(ErrorCode.None);
        Assert.Equal(1, _finished);
    }

    private MarkerJob Job(long producerId, params int[] partitions) => new(
        4,
        5,
        new TransactionMetadata
        {
            TransactionalId = $"x{producerId}",
            ProducerId = producerId,
            ProducerEpoch = 3,
            TimeoutMs = 1000,
            Status = TransactionStatus.PrepareCommit,
            Partitions = [.. partitions.Select(static index => new TopicPartition("out", index))],
        },
        () => _finished++);

    private static MetadataImage ImageOf(int leaderOfLast)
    {
        MetadataDelta delta = new(MetadataImage.Empty);
        Uuid topic = new(5, 5);
        for (int broker = 1; broker <= 2; broker++)
        {
            delta.Replay(new RegisterBrokerRecord { BrokerId = broker, BrokerEpoch = broker, Fenced = false });
        }

        delta.Replay(new TopicRecord { Name = "out", TopicId = topic });
        foreach ((int partition, int leader) in new[] { (0, 1), (1, 2), (2, leaderOfLast) })
        {
            delta.Replay(new PartitionRecord
            {
                TopicId = topic,
                PartitionId = partition,
                Replicas = [1, 2],
                Isr = [1, 2],
                Leader = leader,
            });
        }

        return delta.Apply(new LogPoint(1, 1), 0);
    }

    private sealed record Sent(
        int Broker, WriteTxnMarkersRequest Request, Action<WriteTxnMarkersResponse?> Completion)
    {
        public void Answer(ErrorCode error) => Completion(new WriteTxnMarkersResponse
        {
            Markers =
            [
                .. Request.Markers.Select(marker => new WriteTxnMarkersResponse.WritableTxnMarkerResult
                {
                    ProducerId = marker.ProducerId,
                    Topics =
                    [
                        .. marker.Topics.Select(topic => new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult
                        {
                            Name = topic.Name,
                            Partitions =
                            [
                                .. topic.PartitionIndexes.Select(index =>
                                    new WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult
                                    {
                                        PartitionIndex = index,
                                        ErrorCode = error,
                                    }),
                            ],
                        }),
                    ],
                }),
            ],
        });
    }
}
