using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>Reads JSON values that follow each other in a body, each as soon as it is there.</summary>
/// <param name="maxBytes">The largest single value.</param>
internal sealed class JsonSequence(Stream body, int maxBytes)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private bool _isComplete;

    /// <summary>The next value; null at the end of the body.</summary>
    /// <exception cref="AdminProblem">What follows is no JSON of this shape, is cut off, or is too large.</exception>
    public async ValueTask<T?> NextAsync<T>(JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            SkipSpace();
            if (_end > _start && TryRead(type, out T? value))
            {
                return value;
            }

            if (_isComplete)
            {
                return _end == _start ? null : throw AdminProblem.BadRequest("The body ends within a JSON value");
            }

            await FillAsync(cancellation);
        }
    }

    private bool TryRead<T>(JsonTypeInfo<T> type, out T? value)
        where T : class
    {
        value = null;
        var reader = new Utf8JsonReader(
            _buffer.AsSpan(_start, _end - _start), _isComplete, new JsonReaderState(new JsonReaderOptions
            {
                AllowMultipleValues = true,
            }));
        try
        {
            if (!reader.Read() || !reader.TrySkip())
            {
                return false;
            }

            int length = (int)reader.BytesConsumed;
            value = JsonSerializer.Deserialize(_buffer.AsSpan(_start, length), type)
                ?? throw AdminProblem.BadRequest("A value must not be null");
            _start += length;
            return true;
        }
        catch (JsonException error)
        {
            throw AdminProblem.BadRequest($"The body is not what is expected: {AdminCall.Describe(error)}");
        }
    }

    private void SkipSpace()
    {
        while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _start++;
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length > maxBytes)
            {
                throw new AdminProblem(413, 41301, $"A value of the body is larger than {maxBytes} bytes");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = await body.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        _isComplete = read == 0;
    }
}
