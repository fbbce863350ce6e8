using System.Text;
using KRaftSharp.Log;
using KRaftSharp.Log.Cleaning;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.Disk;

namespace KRaftSharp.Tests.Property.Log.Compaction;

/// <summary>A compacted log with its cleaner and its model.</summary>
internal sealed class CompactionWorld
{
    private const int KeyCount = 12;
    private const short Epoch = 0;

    private readonly LogWorld _world;
    private Strand _strand = new();
    private Task<bool>? _cleaning;
    private LogCleaning? _current;
    private SlicePacer? _pacer;
    private int _number;
    private int _leaderEpoch;

    public CompactionWorld(Prng chance)
    {
        Chance = chance;
        _world = new LogWorld(chance.Fork(), new LogOptions
        {
            SegmentBytes = chance.Between(800, 4000),
            IndexIntervalBytes = chance.Between(0, 500),
            FileDeleteDelayMs = chance.Below(2) == 0 ? 0 : 1000,
            IsCompacted = true,
            IsDeleted = false,
            DeleteRetentionMs = chance.Between(0, 3000),
            MinCompactionLagMs = chance.Below(4) == 0 ? chance.Between(1, 2000) : 0,
        });
        _world.Open(isClean: true);
    }

    public Prng Chance { get; }

    public CompactionModel Model { get; } = new();

    public PartitionLog Log => _world.Log;

    /// <summary>No cleaning may have changed anything from here on.</summary>
    public long Touched { get; private set; }

    public bool HasLostPower => _world.HasLostPower;

    /// <summary>The machine lost what was not durable, but not what followed it: no history to go on with.</summary>
    public bool HasHole { get; private set; }

    public void Step()
    {
        _world.Wait(Chance.Below(20));
        switch (Chance.Below(40))
        {
            case < 14:
                Produce(Chance.Below(3) - 1);
                break;
            case < 22:
                ProduceInTransaction(10 + Chance.Below(3));
                break;
            case < 27:
                EndTransaction(10 + Chance.Below(3));
                break;
            case < 30:
                _world.Do(() => Log.Roll());
                break;
            case < 33:
                _world.Do(() => Log.SetHighWatermark(Model.End));
                break;
            case < 37:
                StartCleaning();
                break;
            case 37:
                _world.Wait(Chance.Below(3000));
                break;
            case 38:
                Truncate();
                break;
            default:
                _world.Flush();
                break;
        }

        _world.Do(LookAtCleaning);
    }

    public void StartCleaning()
    {
        if (_cleaning is { IsCompleted: false })
        {
            return;
        }

        var buffers = new CleanerBuffers(
            Chance.Below(2) == 0 ? KeyOffsetMap.EntrySize * Chance.Between(2, 10) : 100_000, 0.9,
            Chance.Between(100, 3000));
        _pacer = new SlicePacer(_world.Clock);
        var cleaning = new LogCleaning(
            new CleanerTarget(Log, _strand.Post), new KeyOffsetMap(), _pacer, _world.Clock, buffers);
        _current = cleaning;
        _world.Do(() => _cleaning = cleaning.RunAsync());
    }

    /// <summary>Lets a cleaning come to its end.</summary>
    public bool FinishCleaning()
    {
        for (int i = 0; i < 1000 && _cleaning is { IsCompleted: false } && !HasLostPower; i++)
        {
            _world.Wait(1);
        }

        if (HasLostPower)
        {
            return false;
        }

        LookAtCleaning();
        Assert.True(_cleaning?.IsCompleted ?? true, "the cleaning does not end");
        return _cleaning is { Result: true };
    }

    public void Commit()
    {
        _world.Do(() => Log.SetHighWatermark(Model.End));
        _world.Do(() => Log.Roll());
        _world.Wait(10);
    }

    public void Check() => Model.Check(Log, Touched, Chance, _world.NowMs);

    public void LosePowerAfter(int writes) => _world.LosePowerAfter(writes);

    /// <summary>The process ends somehow, and another one starts on what is left.</summary>
    public void Restart()
    {
        _world.KeepPower();
        LookAtCleaning();
        long recoveryPoint = Chance.Below(2) == 0 ? Log.RecoveryPoint : Math.Min(Log.RecoveryPoint, Touched);
        (long durable, long highWatermark, long cleanedTo) = (Log.RecoveryPoint, Log.HighWatermark, Log.CleanedTo);
        bool isMachineLost = HasLostPower || Chance.Below(2) == 0;
        bool isClean = false;
        if (isMachineLost)
        {
            _world.KillMachine((CrashLoss)Chance.Below(5));
        }
        else if (Chance.Below(2) == 0)
        {
            _world.KillProcess();
        }
        else
        {
            _pacer?.Stop();
            isClean = true;
            _world.Close();
        }

        LookAtCleaning();
        (_cleaning, _current) = (null, null);
        _strand = new Strand();
        _world.Open(
            isClean, isClean ? durable : recoveryPoint, 0, highWatermark, Chance.Below(2) == 0 ? cleanedTo : -1);
        Assert.InRange(Log.LogEndOffset, isMachineLost ? durable : Model.End, Model.End);
        Model.CutTo(Log.LogEndOffset);
        HasHole = isMachineLost && Model.HasHole(Log, durable);
        Touched = Math.Min(Touched, Model.End);
    }

    private void LookAtCleaning()
    {
        if (_cleaning is { IsFaulted: true } && !HasLostPower)
        {
            throw _cleaning.Exception!;
        }

        Touched = Math.Min(Math.Max(Touched, _current?.FirstUncleanableOffset ?? 0), Model.End);
    }

    private void Produce(int producerId)
    {
        int sequence = producerId < 0 ? -1 : Model.LastSequenceOf(producerId) + 1;
        Append(Make(producerId, sequence, isTransactional: false, out List<(string Key, string? Value)> records),
            records, producerId, sequence, null);
    }

    private void ProduceInTransaction(int producerId)
    {
        ModelTransaction transaction = Model.OpenOf(producerId) ?? new ModelTransaction(producerId);
        if (transaction.FirstOffset < 0)
        {
            transaction.FirstOffset = Model.End;
            Model.Transactions.Add(transaction);
        }

        int sequence = Model.LastSequenceOf(producerId) + 1;
        Append(Make(producerId, sequence, isTransactional: true, out List<(string Key, string? Value)> records),
            records, producerId, sequence, transaction);
    }

    private void EndTransaction(int producerId)
    {
        if (Model.OpenOf(producerId) is not { } transaction)
        {
            return;
        }

        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = producerId,
            ProducerEpoch = Epoch,
            IsTransactional = true,
            IsControl = true,
        });
        transaction.IsCommitted = Chance.Below(2) == 0;
        ControlRecords.AppendEndTxnMarker(builder, _world.NowMs, transaction.IsCommitted, 1);
        transaction.MarkerOffset = Model.End;
        Append(builder.Build().ToArray(), [], -1, -1, null, AppendOrigin.Coordinator);
    }

    private void Append(
        byte[] batch, List<(string Key, string? Value)> records, long producerId, int sequence,
        ModelTransaction? transaction, AppendOrigin origin = AppendOrigin.Client)
    {
        LogAppendResult result = default;
        _world.Do(() => result = Log.AppendAsLeader(batch, _leaderEpoch, origin));
        Assert.Null(result.ErrorMessage);
        Assert.Equal(Model.End, result.BaseOffset);
        Model.Bytes.Add(Model.End, batch);
        for (int i = 0; i < records.Count; i++)
        {
            Model.Records.Add(new ModelRecord(
                Model.End + i, records[i].Key, records[i].Value, transaction,
                _world.NowMs + Log.Options.DeleteRetentionMs));
        }

        Model.End = result.LastOffset + 1;
        if (producerId >= 0)
        {
            Model.Batches.Add((producerId, sequence + records.Count - 1, result.LastOffset));
        }
    }

    private byte[] Make(
        int producerId, int sequence, bool isTransactional, out List<(string Key, string? Value)> records)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            Compression = (CompressionCodec)(Chance.Below(3) == 0 ? Chance.Below(5) : 0),
            ProducerId = producerId,
            ProducerEpoch = producerId < 0 ? (short)-1 : Epoch,
            BaseSequence = sequence,
            IsTransactional = isTransactional,
        });
        records = [];
        for (int i = Chance.Between(1, 4); i > 0; i--)
        {
            string key = $"key-{Chance.Below(KeyCount)}";
            string? value = Chance.Below(4) == 0 ? null : $"value {_number++}{new string('.', Chance.Below(60))}";
            builder.Append(_world.NowMs + Chance.Below(10), Encoding.UTF8.GetBytes(key),
                value is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(value));
            records.Add((key, value));
        }

        return builder.Build().ToArray();
    }

    private void Truncate()
    {
        _leaderEpoch++;
        long least = Log.HighWatermark;
        long to = least + Chance.Below((int)(Model.End - least + 1));
        _world.Do(() => Log.TruncateTo(to));
        Assert.InRange(Log.LogEndOffset, Math.Min(least, to), to);
        Model.CutTo(Log.LogEndOffset);
        Touched = Math.Min(Touched, Model.End);

        // As a follower does before it counts on it: what was cut off could come back with a loss of power.
        Task flush = _world.Flush();
        _world.Wait(300);
        Assert.True(flush.IsCompletedSuccessfully);
    }
}
