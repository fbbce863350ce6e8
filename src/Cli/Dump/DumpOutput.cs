using System.Text.Encodings.Web;
using System.Text.Json;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Cli.Dump;

/// <summary>Writes one JSON object a line.</summary>
internal sealed class DumpOutput : IDisposable
{
    private const int FlushBytes = 64 * 1024;

    private readonly Stream _target;
    private readonly PooledBytes _buffer = new(2 * FlushBytes);

    public DumpOutput(Stream target)
    {
        _target = target;
        Json = new Utf8JsonWriter(
            _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Between <see cref="Begin"/> and <see cref="End"/>: an open object.</summary>
    public Utf8JsonWriter Json { get; }

    public Utf8JsonWriter Begin()
    {
        Json.Reset(_buffer);
        Json.WriteStartObject();
        return Json;
    }

    public void End()
    {
        Json.WriteEndObject();
        Json.Flush();
        _buffer.WriteByte((byte)'\n');
        if (_buffer.Length >= FlushBytes)
        {
            Flush();
        }
    }

    /// <summary>A line that says what is wrong, and where.</summary>
    /// <returns>False, for the caller to return.</returns>
    public bool Fault(string message, long position)
    {
        Utf8JsonWriter json = Begin();
        json.WriteString("error", message);
        json.WriteNumber("position", position);
        End();
        return false;
    }

    public void Dispose()
    {
        Flush();
        Json.Dispose();
        _buffer.Dispose();
        _target.Dispose();
    }

    private void Flush()
    {
        _target.Write(_buffer.WrittenSpan);
        _buffer.Clear();
        _target.Flush();
    }
}
