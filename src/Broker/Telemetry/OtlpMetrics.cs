using System.Globalization;
using System.Text;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>
/// Reads OTLP metrics (opentelemetry.proto.metrics.v1.MetricsData) as far as Kafka's clients send them: gauges and
/// sums. Others are left out.
/// </summary>
internal static class OtlpMetrics
{
    private const int MostPoints = 10_000;
    private const int MostLabels = 8;
    private const int MostTextBytes = 256;
    private const ulong Delta = 1;

    /// <summary>False when the bytes are no such message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, List<ClientPoint> points)
    {
        ProtoReader data = new(bytes);
        while (data.Next())
        {
            if (data is { Field: 1, IsBytes: true } && !TryReadResource(data.Bytes, points))
            {
                return false;
            }
        }

        return !data.Failed;
    }

    private static bool TryReadResource(ReadOnlySpan<byte> bytes, List<ClientPoint> points)
    {
        ProtoReader resource = new(bytes);
        while (resource.Next())
        {
            if (resource is { Field: 2, IsBytes: true } && !TryReadScope(resource.Bytes, points))
            {
                return false;
            }
        }

        return !resource.Failed;
    }

    private static bool TryReadScope(ReadOnlySpan<byte> bytes, List<ClientPoint> points)
    {
        ProtoReader scope = new(bytes);
        while (scope.Next())
        {
            if (scope is { Field: 2, IsBytes: true } && !TryReadMetric(scope.Bytes, points))
            {
                return false;
            }
        }

        return !scope.Failed;
    }

    private static bool TryReadMetric(ReadOnlySpan<byte> bytes, List<ClientPoint> points)
    {
        const int Name = 1;
        const int Gauge = 5;
        const int Sum = 7;
        string name = "";
        ProtoReader metric = new(bytes);
        while (metric.Next())
        {
            if (metric is { Field: Name, IsBytes: true })
            {
                name = TextOf(metric.Bytes);
            }
            else if (metric is { Field: Gauge or Sum, IsBytes: true } && !TryReadPoints(name, metric.Bytes, points))
            {
                return false;
            }
        }

        return !metric.Failed;
    }

    private static bool TryReadPoints(string name, ReadOnlySpan<byte> bytes, List<ClientPoint> points)
    {
        const int Point = 1;
        const int Temporality = 2;
        int first = points.Count;
        bool isDelta = false;
        ProtoReader holder = new(bytes);
        while (holder.Next())
        {
            if (holder is { Field: Point, IsBytes: true })
            {
                if (!TryReadPoint(holder.Bytes, out IReadOnlyList<string> labels, out double value))
                {
                    return false;
                }

                if (points.Count < MostPoints)
                {
                    points.Add(new ClientPoint(name, labels, value, IsDelta: false));
                }
            }
            else if (holder is { Field: Temporality, IsBytes: false })
            {
                isDelta = holder.Bits == Delta;
            }
        }

        for (int i = first; isDelta && i < points.Count; i++)
        {
            points[i] = points[i] with { IsDelta = true };
        }

        return !holder.Failed;
    }

    private static bool TryReadPoint(ReadOnlySpan<byte> bytes, out IReadOnlyList<string> labels, out double value)
    {
        const int AsDouble = 4;
        const int AsInt = 6;
        const int Attribute = 7;
        List<string> found = [];
        labels = found;
        value = 0;
        ProtoReader point = new(bytes);
        while (point.Next())
        {
            switch (point.Field)
            {
                case AsDouble when !point.IsBytes:
                    value = point.Double;
                    break;
                case AsInt when !point.IsBytes:
                    value = (long)point.Bits;
                    break;
                case Attribute when point.IsBytes && found.Count < 2 * MostLabels:
                    if (!TryReadAttribute(point.Bytes, found))
                    {
                        return false;
                    }

                    break;
            }
        }

        return !point.Failed;
    }

    private static bool TryReadAttribute(ReadOnlySpan<byte> bytes, List<string> labels)
    {
        const int Key = 1;
        const int Value = 2;
        (string key, string value) = ("", "");
        ProtoReader attribute = new(bytes);
        while (attribute.Next())
        {
            if (attribute is { Field: Key, IsBytes: true })
            {
                key = TextOf(attribute.Bytes);
            }
            else if (attribute is { Field: Value, IsBytes: true })
            {
                value = ValueOf(attribute.Bytes);
            }
        }

        key = LabelOf(key);
        if (!ClientAttributes.Labels.Contains(key))
        {
            labels.Add(key);
            labels.Add(value);
        }

        return !attribute.Failed;
    }

    private static string ValueOf(ReadOnlySpan<byte> bytes)
    {
        ProtoReader any = new(bytes);
        return !any.Next() ? "" : any switch
        {
            { Field: 1, IsBytes: true } => TextOf(any.Bytes),
            { Field: 2, IsBytes: false } => any.Bits != 0 ? "true" : "false",
            { Field: 3, IsBytes: false } => ((long)any.Bits).ToString(CultureInfo.InvariantCulture),
            { Field: 4, IsBytes: false } => any.Double.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    /// <summary>As a metrics endpoint may show it: letters, digits and underscores, no digit first.</summary>
    private static string LabelOf(string key)
    {
        string label = string.Concat(key.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return label.Length == 0 || char.IsAsciiDigit(label[0]) ? "_" + label : label;
    }

    private static string TextOf(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MostTextBytes)]);
}
