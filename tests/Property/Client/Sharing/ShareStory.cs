using System.Text;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Sharing;

namespace KRaftSharp.Tests.Property.Client.Sharing;

/// <summary>One consumer and an application that does whatever the seed says, while requests are lost, leaders move and
/// locks run out; then everything heals, and all records must come to their end.</summary>
internal sealed class ShareStory
{
    private const int Records = 24;
    private const int Steps = 120;
    private const int LockPolls = 40;

    private readonly Random _chance;
    private readonly StoryContext _context;
    private readonly ShareModel _model;
    private readonly KafkaShareConsumer _consumer;
    private readonly bool _isExplicit;
    private readonly string _name;
    private readonly List<ConsumerRecord> _silent = [];
    private readonly List<ConsumerRecord> _renewed = [];
    private readonly Dictionary<(int, long), (int Said, int Renewed, int Answered)> _said = [];
    private bool _heals;

    public ShareStory(int seed, int partitions, AcknowledgementMode mode, bool limits, StoryContext context)
    {
        _context = context;
        _chance = new Random(seed);
        _model = new ShareModel(partitions, Records, _chance);
        _isExplicit = mode == AcknowledgementMode.Explicit;
        _name = $"seed {seed}, {partitions} partitions, {mode}, limits {limits}";
        _consumer = KafkaShareConsumer.Create(
            new ShareConsumerOptions
            {
                BootstrapServers = "broker:1",
                GroupId = "g",
                AcknowledgementMode = mode,
                AcquireMode = limits ? ShareAcquireMode.RecordLimit : ShareAcquireMode.BatchOptimized,
                MaxPollRecords = 1 + _chance.Next(7),
            },
            _model.Runtime);
        _consumer.OnAcknowledged = Answered;
        _consumer.Subscribe(ShareModel.Topic);
        context.Run();
    }

    public void Tell()
    {
        for (int i = 0; i < Steps; i++)
        {
            Step();
            _context.Run();
        }

        _heals = true;
        for (int i = 0; !_model.Partitions.All(partition => partition.IsDone); i++)
        {
            Assert.True(i < 2_000, $"{_name}: left over: {string.Join(", ", _model.Partitions)}");
            _model.Time.Advance(100);
            if (i % LockPolls == LockPolls - 1)
            {
                _model.ExpireAll(); // what a refused acknowledgement left behind comes again
            }

            _context.Run();
            Poll();
            DeliverAll();
            _renewed.ToList().ForEach(record => Acknowledge(record, AcknowledgeType.Accept));
        }

        _model.IsImmediate = true;
        Task committing = _consumer.CommitAsync();
        _context.Run();
        Assert.True(committing.IsCompletedSuccessfully, _name);
        Task closing = _consumer.DisposeAsync().AsTask();
        _context.Run();
        Assert.True(closing.IsCompletedSuccessfully, _name);
        Assert.Equal([], _model.Partitions.SelectMany(partition => partition.Mistakes));
        Assert.All(_said, said => Assert.True(
            said.Value.Answered >= said.Value.Said && said.Value.Answered <= said.Value.Said + said.Value.Renewed,
            $"{_name}: {said}"));
    }

    private void Step()
    {
        _model.Time.Advance(_chance.Next(40));
        ShareModelPartition partition = _model.Partitions[_chance.Next(_model.Partitions.Count)];
        IReadOnlyList<ShareModelChannel> busy = _model.Busy;
        switch (_chance.Next(20))
        {
            case < 7:
                Poll();
                break;
            case < 15 when busy.Count > 0:
                busy[_chance.Next(busy.Count)].Deliver();
                break;
            case 15 when busy.Count > 0:
                busy[_chance.Next(busy.Count)].Break(afterOne: _chance.Next(2) == 0);
                break;
            case 16:
                partition.Move();
                break;
            case 17:
                partition.Expire(_chance.Next(100));
                break;
            case 18:
                _model.LoseSession(1 + _chance.Next(3));
                break;
            case 19:
                partition.AcceptElsewhere(_chance.Next(100));
                break;
            default:
                CountAccepted();
                _consumer.Commit();
                break;
        }
    }

    private void DeliverAll()
    {
        while (_model.Busy is { Count: > 0 } busy)
        {
            busy[0].Deliver();
            _context.Run();
        }
    }

    private void Poll()
    {
        if (_isExplicit)
        {
            _silent.ToList().ForEach(record => Acknowledge(record, AnyType()));
            _renewed.Where(_ => _chance.Next(3) == 0).ToList().ForEach(record => Acknowledge(record, AnyType()));
        }

        CountAccepted();
        ValueTask<IReadOnlyList<ConsumerRecord>> polling = _consumer.PollAsync(TimeSpan.Zero);
        Assert.True(polling.IsCompleted, _name);
        foreach (ConsumerRecord record in polling.Result)
        {
            (int, long) key = (record.Partition, record.Offset);
            Assert.Equal(
                ShareModelPartition.TextOf(record.Partition, record.Offset),
                Encoding.UTF8.GetString(record.Value!.Value.Span));
            Assert.True(record.DeliveryCount > 0);
            Assert.False(_model.Partitions[record.Partition].IsDoneByMember(record.Offset), $"{_name}: {key}");
            Assert.DoesNotContain(_renewed.Concat(_silent), held => (held.Partition, held.Offset) == key);
            _silent.Add(record);
        }
    }

    /// <summary>What was returned is accepted by the next poll or commit, where that is implicit.</summary>
    private void CountAccepted()
    {
        if (!_isExplicit)
        {
            _silent.ForEach(record => Count(record, isRenewal: false));
            _silent.Clear();
        }
    }

    private AcknowledgeType AnyType() => _heals
        ? AcknowledgeType.Accept
        : (AcknowledgeType)(1 + _chance.Next(4));

    private void Acknowledge(ConsumerRecord record, AcknowledgeType type)
    {
        _silent.Remove(record);
        _renewed.Remove(record);
        _consumer.Acknowledge(record, type);
        Count(record, type == AcknowledgeType.Renew);
        if (type == AcknowledgeType.Renew)
        {
            _renewed.Add(record);
        }
        else
        {
            Assert.Throws<InvalidOperationException>(() => _consumer.Acknowledge(record));
        }
    }

    private void Count(ConsumerRecord record, bool isRenewal)
    {
        (int Said, int Renewed, int Answered) was = _said.GetValueOrDefault((record.Partition, record.Offset));
        _said[(record.Partition, record.Offset)] =
            isRenewal ? was with { Renewed = was.Renewed + 1 } : was with { Said = was.Said + 1 };
    }

    private void Answered(AcknowledgementOutcome outcome)
    {
        Assert.NotEmpty(outcome.Offsets);
        foreach (long offset in outcome.Offsets)
        {
            (int, long) key = (outcome.Partition.Partition, offset);
            var was = _said.GetValueOrDefault(key);
            _said[key] = was with { Answered = was.Answered + 1 };
        }
    }
}
