using System.Buffers;
using System.Globalization;
using System.Text;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>Writes the Prometheus text format 0.0.4: one HELP and TYPE a metric, its samples together.</summary>
internal sealed class PrometheusText : MetricsSink
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public override void Metric(string name, string type, string help)
    {
        Write("# HELP ");
        Write(name);
        Write(" ");
        Write(help);
        Write("\n# TYPE ");
        Write(name);
        Write(" ");
        Write(type);
        Write("\n");
    }

    public override void Sample(string name, double value, params ReadOnlySpan<string> labels)
    {
        Write(name);
        for (int i = 0; i + 1 < labels.Length; i += 2)
        {
            Write(i == 0 ? "{" : ",");
            Write(labels[i]);
            Write("=\"");
            WriteEscaped(labels[i + 1]);
            Write("\"");
        }

        Write(labels.Length > 0 ? "} " : " ");
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        Write(text[..length]);
        Write("\n");
    }

    private void WriteEscaped(string value)
    {
        if (value.AsSpan().IndexOfAny('\\', '"', '\n') < 0)
        {
            Write(value);
            return;
        }

        Write(value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal));
    }

    private void Write(ReadOnlySpan<char> text)
    {
        Span<byte> target = _bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _bytes.Advance(Encoding.UTF8.GetBytes(text, target));
    }
}
