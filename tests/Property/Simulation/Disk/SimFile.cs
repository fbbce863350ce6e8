using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.Simulation.Disk;

/// <summary>
/// One file: what the page cache holds, what the platter holds, and the operations in between. A process that dies
/// leaves the cache; a machine that dies leaves the platter and any part of what was not yet synced.
/// </summary>
internal sealed class SimFile
{
    public const int SectorBytes = 512;

    private readonly List<PendingOperation> _pending = [];
    private Content _cache = new();
    private Content _durable = new();
    private long _nextSequence;

    /// <summary>Bytes that a mapping may change behind the file's back; a part of the page cache.</summary>
    private byte[]? _mapped;

    public long Length => _cache.Length;

    public long DurableLength => _durable.Length;

    public int PendingCount => _pending.Count;

    public int Read(Span<byte> target, long position)
    {
        TakeOverMapping();
        return _cache.Read(target, position);
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        TakeOverMapping();
        _cache.Write(bytes, position);
        _pending.Add(new PendingOperation(_nextSequence++, position, bytes.ToArray()));
    }

    public void Truncate(long length)
    {
        TakeOverMapping();
        _cache.SetLength(length);
        _pending.Add(new PendingOperation(_nextSequence++, length, null));
    }

    /// <summary>
    /// The file's first <paramref name="length"/> bytes as shared memory; lasts until <see cref="Unmap"/>.
    /// </summary>
    public byte[] Map(int length)
    {
        if (_cache.Length < length)
        {
            Truncate(length);
        }

        TakeOverMapping();
        byte[] mapped = new byte[length];
        _cache.Read(mapped, 0);
        return _mapped = mapped;
    }

    public void Unmap(byte[] mapped)
    {
        if (ReferenceEquals(_mapped, mapped))
        {
            TakeOverMapping();
            _mapped = null;
        }
    }

    /// <summary>
    /// The mark to give to <see cref="CompleteFlush"/>: a sync covers what was written before it began.
    /// </summary>
    public long BeginFlush()
    {
        TakeOverMapping();
        return _nextSequence;
    }

    public void CompleteFlush(long mark)
    {
        int covered = 0;
        while (covered < _pending.Count && _pending[covered].Sequence < mark)
        {
            _pending[covered++].ApplyTo(_durable);
        }

        _pending.RemoveRange(0, covered);
    }

    /// <summary>The process died: mappings end, the page cache stays.</summary>
    public void LoseProcess()
    {
        TakeOverMapping();
        _mapped = null;
    }

    /// <summary>
    /// The machine died: what was not synced is lost, or kept in part, as <paramref name="loss"/> says.
    /// </summary>
    public void LoseMachine(CrashLoss loss, Prng chance)
    {
        LoseProcess();
        int kept = loss switch
        {
            CrashLoss.Everything => 0,
            CrashLoss.Nothing => _pending.Count,
            _ => chance.Below(_pending.Count + 1),
        };
        if (loss == CrashLoss.Scattered)
        {
            foreach (PendingOperation operation in _pending)
            {
                operation.ApplySectorsTo(_durable, chance);
            }
        }
        else
        {
            for (int i = 0; i < kept; i++)
            {
                _pending[i].ApplyTo(_durable);
            }

            if (loss == CrashLoss.Torn && kept < _pending.Count)
            {
                _pending[kept].ApplyTornTo(_durable, chance);
            }
        }

        _pending.Clear();
        _cache = _durable.Copy();
    }

    private void TakeOverMapping()
    {
        if (_mapped is not { } mapped)
        {
            return;
        }

        int length = (int)Math.Min(mapped.Length, _cache.Length);
        for (int from = 0; from < length; from += SectorBytes)
        {
            int to = Math.Min(from + SectorBytes, length);
            ReadOnlySpan<byte> now = mapped.AsSpan(from..to);
            if (!_cache.Holds(now, from))
            {
                _cache.Write(now, from);
                _pending.Add(new PendingOperation(_nextSequence++, from, now.ToArray()));
            }
        }
    }

    /// <summary>
    /// A write of <paramref name="Bytes"/> at a position, or a truncation to it where there are none.
    /// </summary>
    private sealed record PendingOperation(long Sequence, long Position, byte[]? Bytes)
    {
        public void ApplyTo(Content content)
        {
            if (Bytes is null)
            {
                content.SetLength(Position);
            }
            else
            {
                content.Write(Bytes, Position);
            }
        }

        /// <summary>Each sector arrives or not; the length may have grown without the bytes (zeros).</summary>
        public void ApplySectorsTo(Content content, Prng chance)
        {
            if (Bytes is null)
            {
                if (chance.Below(2) == 0)
                {
                    content.SetLength(Position);
                }

                return;
            }

            for (int from = 0; from < Bytes.Length; from = NextSector(from))
            {
                int to = NextSector(from);
                if (chance.Below(2) == 0)
                {
                    content.Write(Bytes.AsSpan(from..to), Position + from);
                }
                else if (chance.Below(4) == 0)
                {
                    content.Grow(Position + to);
                }
            }
        }

        /// <summary>Some bytes from the start arrive.</summary>
        public void ApplyTornTo(Content content, Prng chance)
        {
            if (Bytes is { Length: > 0 })
            {
                content.Write(Bytes.AsSpan(0, chance.Below(Bytes.Length)), Position);
            }
        }

        private int NextSector(int from) =>
            Math.Min(Bytes!.Length, (int)((Position + from) / SectorBytes * SectorBytes + SectorBytes - Position));
    }

    private sealed class Content
    {
        private byte[] _bytes = [];

        public long Length { get; private set; }

        public int Read(Span<byte> target, long position)
        {
            int count = (int)Math.Clamp(Length - position, 0, target.Length);
            _bytes.AsSpan((int)Math.Min(position, Length), count).CopyTo(target);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            Grow(position + bytes.Length);
            bytes.CopyTo(_bytes.AsSpan((int)position));
        }

        public bool Holds(ReadOnlySpan<byte> bytes, int position) =>
            bytes.SequenceEqual(_bytes.AsSpan(position, bytes.Length));

        public void Grow(long length)
        {
            if (length > Length)
            {
                SetLength(length);
            }
        }

        public void SetLength(long length)
        {
            if (length > _bytes.Length)
            {
                Array.Resize(ref _bytes, (int)Math.Max(length, Math.Max(1024, _bytes.Length * 2L)));
            }

            if (length < Length)
            {
                _bytes.AsSpan((int)length..(int)Length).Clear();
            }

            Length = length;
        }

        public Content Copy() => new() { _bytes = _bytes.AsSpan(0, (int)Length).ToArray(), Length = Length };
    }
}
