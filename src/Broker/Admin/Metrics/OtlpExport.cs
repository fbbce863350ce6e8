using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>
/// The node's metrics as instruments of a <see cref="Meter"/> named KRaftSharp, sent to an OTLP collector;
/// dotnet-counters sees them too.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private const string Name = "KRaftSharp";
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<IMetricsSource> _sources;
    private readonly TimeProvider _time;
    private readonly Meter _meter = new(Name);
    private readonly MeterProvider _provider;
    private readonly Lock _lock = new();
    private Samples _samples = new();
    private long _takenAt;

    /// <param name="endpoint">Of the collector, gRPC; http://host:4318/v1/metrics is spoken to as HTTP.</param>
    public OtlpExport(IReadOnlyList<IMetricsSource> sources, Uri endpoint, int nodeId, TimeProvider time)
    {
        _sources = sources;
        _time = time;
        foreach ((string name, string type, string help) in Take().Metrics)
        {
            Register(name, type, help);
        }

        _provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService(
                "kraftsharp", serviceInstanceId: nodeId.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .AddMeter(Name)
            .AddOtlpExporter(options =>
            {
                options.Endpoint = endpoint;
                options.Protocol = endpoint.AbsolutePath.Length > 1
                    ? OtlpExportProtocol.HttpProtobuf
                    : OtlpExportProtocol.Grpc;
            })
            .Build();
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    private void Register(string name, string type, string help)
    {
        switch (type)
        {
            case "counter":
                _meter.CreateObservableCounter(name, () => Of(name), description: help);
                break;
            case "summary":
                _meter.CreateObservableGauge(name, () => Of(name), description: help);
                _meter.CreateObservableCounter(name + "_sum", () => Of(name + "_sum"), description: help);
                _meter.CreateObservableCounter(name + "_count", () => Of(name + "_count"), description: help);
                break;
            default:
                _meter.CreateObservableGauge(name, () => Of(name), description: help);
                break;
        }
    }

    private IEnumerable<Measurement<double>> Of(string name) => Take().Of(name);

    /// <summary>One look at the node serves all instruments of an export.</summary>
    private Samples Take()
    {
        lock (_lock)
        {
            if (_takenAt == 0 || _time.GetElapsedTime(_takenAt) > Fresh)
            {
                _samples = new Samples();
                foreach (IMetricsSource source in _sources)
                {
                    source.Write(_samples);
                }

                _takenAt = _time.GetTimestamp();
            }

            return _samples;
        }
    }

    private sealed class Samples : MetricsSink
    {
        private readonly Dictionary<string, List<Measurement<double>>> _byName = new(StringComparer.Ordinal);

        public List<(string Name, string Type, string Help)> Metrics { get; } = [];

        public IEnumerable<Measurement<double>> Of(string name) =>
            _byName.TryGetValue(name, out List<Measurement<double>>? samples) ? samples : [];

        public override void Metric(string name, string type, string help) => Metrics.Add((name, type, help));

        public override void Sample(string name, double value, params ReadOnlySpan<string> labels)
        {
            var tags = new KeyValuePair<string, object?>[labels.Length / 2];
            for (int i = 0; i < tags.Length; i++)
            {
                tags[i] = new KeyValuePair<string, object?>(labels[2 * i], labels[(2 * i) + 1]);
            }

            if (!_byName.TryGetValue(name, out List<Measurement<double>>? samples))
            {
                _byName[name] = samples = [];
            }

            samples.Add(new Measurement<double>(value, tags));
        }
    }
}
