namespace KRaftSharp.Cli.Records;

/// <summary>Cuts a stream into lines without making strings of them.</summary>
/// <remarks>A line is valid until the next call. A last line without an end counts; a carriage return belongs to its
/// line.</remarks>
internal sealed class LineReader(Stream source)
{
    private byte[] _buffer = new byte[256 * 1024];
    private int _from;
    private int _to;
    private bool _ended;

    /// <summary>The next line without its end; null after the last.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        int searched = 0;
        while (true)
        {
            int end = _buffer.AsSpan(_from + searched, _to - _from - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_from, searched + end);
                _from += line.Length + 1;
                return line;
            }

            if (_ended)
            {
                if (_from == _to)
                {
                    return null;
                }

                ReadOnlyMemory<byte> rest = _buffer.AsMemory(_from, _to - _from);
                _from = _to;
                return rest;
            }

            searched = _to - _from;
            MakeRoom();
            int read = await source.ReadAsync(_buffer.AsMemory(_to), cancellation);
            _to += read;
            _ended = read == 0;
        }
    }

    private void MakeRoom()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            _to -= _from;
            _from = 0;
        }

        if (_to == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        }
    }
}
