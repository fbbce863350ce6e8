using FsCheck;
using FsCheck.Xunit;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Tests.Property.Log;

/// <summary>
/// Whatever is wrong with its files, an opened log holds exactly the valid prefix of what was written.
/// </summary>
public sealed class LogDamageTests
{
    [Property(MaxTest = 120)]
    public void DamagedLog_AfterUncleanStop_KeepsExactlyTheValidPrefix(Damage damage, DoNotSize<ulong> seed)
    {
        var chance = new Prng(seed.Item);
        LogModel model = Write(chance, out LogWorld world, isClean: chance.Below(2) == 0);
        int kept = Apply(damage, world, model, chance, anySegment: true);

        world.Open(isClean: false);

        model.Prefix(kept).Check(world.Log, chance);
        CheckStillWritable(world, model.Prefix(kept), chance);
    }

    /// <summary>The marker of a clean stop is no reason to trust an index, nor a torn end.</summary>
    [Property(MaxTest = 120)]
    public void DamagedLog_AfterCleanStop_KeepsExactlyTheValidPrefix(Damage damage, DoNotSize<ulong> seed)
    {
        if (damage is Damage.FlippedBit or Damage.ZeroedTail)
        {
            // Found by reading all bytes only, which a clean stop spares.
            return;
        }

        var chance = new Prng(seed.Item);
        LogModel model = Write(chance, out LogWorld world, isClean: true);
        int kept = Apply(damage, world, model, chance, anySegment: false);

        world.Open(isClean: true);

        model.Prefix(kept).Check(world.Log, chance);
        CheckStillWritable(world, model.Prefix(kept), chance);
    }

    private static LogModel Write(Prng chance, out LogWorld made, bool isClean)
    {
        var world = new LogWorld(chance.Fork(), new LogOptions
        {
            SegmentBytes = 12_000,
            IndexIntervalBytes = chance.Between(0, 600),
            SegmentIndexBytes = chance.Below(4) == 0 ? 80 : 10_000,
        });
        world.Open(isClean: true);
        var model = new LogModel();
        int epoch = 0;
        int[] sequences = new int[3];
        int count = chance.Below(120);
        for (int i = 0; i < count; i++)
        {
            epoch += chance.Below(15) == 0 ? 1 : 0;
            int producer = chance.Below(5);
            byte[] batch = producer < 3
                ? LogModel.MakeBatch(chance, world.NowMs, producer, 0, sequences[producer])
                : LogModel.MakeBatch(chance, world.NowMs, -1, -1, -1);
            LogAppendResult result = default;
            world.Do(() => result = world.Log.AppendAsLeader(batch, epoch));
            Assert.True(result.IsSuccess, result.ErrorMessage);
            model.Add(batch);
            if (producer < 3)
            {
                sequences[producer] += (int)(result.LastOffset - result.BaseOffset) + 1;
            }

            world.Wait(10);
        }

        if (isClean)
        {
            world.Close();
        }
        else
        {
            world.KillProcess();
        }

        made = world;
        return model;
    }

    /// <summary>Does the damage; returns how many batches must be left.</summary>
    private static int Apply(Damage damage, LogWorld world, LogModel model, Prng chance, bool anySegment)
    {
        string[] logs = [.. world.Files.ListFiles(LogWorld.Directory)
            .Where(name => name.EndsWith(".log", StringComparison.Ordinal))];
        string log = anySegment ? logs[chance.Below(logs.Length)] : logs[^1];
        long baseOffset = OffsetOf(log);
        using IStorageFile file = world.Files.Open($"{LogWorld.Directory}/{log}", StorageOpenMode.Existing);
        int length = (int)file.Length;
        int at = length == 0 ? 0 : chance.Below(length);
        switch (damage)
        {
            case Damage.CutSegment:
                file.Truncate(at);
                break;
            case Damage.ZeroedTail:
                file.Write(new byte[length - at], at);
                break;
            case Damage.AppendedZeros or Damage.AppendedGarbage:
                byte[] more = new byte[chance.Between(1, 9000)];
                more.AsSpan().Fill((byte)(damage == Damage.AppendedZeros ? 0 : chance.Between(1, 255)));
                file.Write(more, length);
                break;
            case Damage.FlippedBit:
                Flip(file, model, baseOffset, at, chance);
                break;
            default:
                DamageOther(damage, world, chance, baseOffset);
                break;
        }

        int next = Array.IndexOf(logs, log) + 1;
        return CountIntact(file, model, baseOffset, next == logs.Length ? long.MaxValue : OffsetOf(logs[next]));
    }

    private static long OffsetOf(string name) =>
        long.Parse(name.AsSpan(0, 20), System.Globalization.CultureInfo.InvariantCulture);

    private static void DamageOther(Damage damage, LogWorld world, Prng chance, long baseOffset)
    {
        string suffix = chance.Below(2) == 0 ? SegmentFiles.OffsetIndex : SegmentFiles.TimeIndex;
        string index = SegmentFiles.Path(LogWorld.Directory, baseOffset, suffix);
        string epochs = SegmentFiles.Path(LogWorld.Directory, SegmentFiles.LeaderEpochCheckpoint);
        switch (damage)
        {
            case Damage.MissingIndex:
                world.Files.Delete(index);
                break;
            case Damage.EmptyIndex:
                world.Files.WriteAtomically(index, []);
                break;
            case Damage.CutIndex or Damage.FlippedIndexBit or Damage.PaddedIndex:
                Change(world, index, damage, chance);
                break;
            case Damage.ForeignIndex:
                Write(chance, out LogWorld other, isClean: true);
                string[] candidates = [.. other.Files.ListFiles(LogWorld.Directory)
                    .Where(name => name.EndsWith(suffix, StringComparison.Ordinal))];
                string found = candidates[chance.Below(candidates.Length)];
                world.Files.WriteAtomically(index, other.Files.ReadAllBytes($"{LogWorld.Directory}/{found}"));
                break;
            case Damage.MissingSnapshots or Damage.FlippedSnapshotBit:
                foreach (string name in world.Files.ListFiles(LogWorld.Directory)
                    .Where(name => name.EndsWith(".snapshot", StringComparison.Ordinal)))
                {
                    DamageSnapshot(world, $"{LogWorld.Directory}/{name}", damage, chance);
                }

                break;
            case Damage.MissingEpochs:
                world.Files.Delete(epochs);
                break;
            case Damage.GarbageEpochs:
                world.Files.WriteAtomically(epochs, "0\n3\n4 x\n"u8);
                break;
            case Damage.LeftoverFiles:
                world.Files.WriteAtomically($"{LogWorld.Directory}/{999_999:D20}.index", [1, 2, 3]);
                world.Files.WriteAtomically($"{LogWorld.Directory}/{999_999:D20}.snapshot", [1, 2, 3]);
                world.Files.WriteAtomically($"{LogWorld.Directory}/{5:D20}.log.deleted", [1, 2, 3]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage));
        }
    }

    private static void DamageSnapshot(LogWorld world, string path, Damage damage, Prng chance)
    {
        if (damage == Damage.MissingSnapshots)
        {
            world.Files.Delete(path);
            return;
        }

        byte[] bytes = world.Files.ReadAllBytes(path);
        bytes[chance.Below(bytes.Length)] ^= (byte)(1 << chance.Below(8));
        world.Files.WriteAtomically(path, bytes);
    }

    private static void Change(LogWorld world, string index, Damage damage, Prng chance)
    {
        if (!world.Files.FileExists(index))
        {
            return;
        }

        byte[] bytes = world.Files.ReadAllBytes(index);
        if (damage == Damage.PaddedIndex)
        {
            bytes = [.. bytes, .. new byte[chance.Between(1, 100)]];
        }
        else if (bytes.Length > 0 && damage == Damage.CutIndex)
        {
            bytes = bytes[..chance.Below(bytes.Length)];
        }
        else if (bytes.Length > 0)
        {
            bytes[chance.Below(bytes.Length)] ^= (byte)(1 << chance.Below(8));
        }

        world.Files.WriteAtomically(index, bytes);
    }

    /// <summary>Flips a bit of what the checksum covers, or of a length.</summary>
    private static void Flip(IStorageFile file, LogModel model, long baseOffset, int at, Prng chance)
    {
        int start = 0;
        int index = model.Batches.FindIndex(batch => batch.BaseOffset >= baseOffset);
        if (index < 0)
        {
            return;
        }

        while (start + model.Batches[index].Bytes.Length <= at)
        {
            start += model.Batches[index++].Bytes.Length;
        }

        int within = at - start;
        int flipped = within is < 8 or (>= 12 and < 16) ? start + 8 + (within % 4) : at;
        byte[] one = new byte[1];
        file.Read(one, flipped);
        one[0] ^= (byte)(1 << chance.Below(8));
        file.Write(one, flipped);
    }

    /// <summary>The batches up to the first whose bytes a segment's file no longer has; all if none.</summary>
    private static int CountIntact(IStorageFile file, LogModel model, long baseOffset, long nextBaseOffset)
    {
        int index = model.Batches.FindIndex(batch => batch.BaseOffset >= baseOffset);
        if (index < 0)
        {
            return model.Batches.Count;
        }

        long position = 0;
        for (; index < model.Batches.Count && model.Batches[index].BaseOffset < nextBaseOffset; index++)
        {
            byte[] found = new byte[model.Batches[index].Bytes.Length];
            if (file.Read(found, position) < found.Length || !found.AsSpan().SequenceEqual(model.Batches[index].Bytes))
            {
                return index;
            }

            position += found.Length;
        }

        // Bytes after its last batch are cut, and what comes after a cut is not of this log.
        return file.Length > position ? index : model.Batches.Count;
    }

    private static void CheckStillWritable(LogWorld world, LogModel model, Prng chance)
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] batch = LogModel.MakeBatch(chance, world.NowMs, -1, -1, -1);
            world.Do(() => Assert.Null(world.Log.AppendAsLeader(batch, 1000).ErrorMessage));
            model.Add(batch);
        }

        world.Close();
        world.Open(isClean: true);
        model.Check(world.Log, chance);
    }
}
