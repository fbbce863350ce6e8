using System.Globalization;
using KRaftSharp.Chaos.Faults;

namespace KRaftSharp.Chaos.Report;

/// <summary>One picture of a run: faults, leaders, ISRs, throughput and latency, above one another on one time axis.
/// </summary>
internal sealed class Timeline(IReadOnlyList<Sample> samples, IReadOnlyList<FaultRecord> faults, int nodes, long endMs)
{
    private const int Width = 1400;
    private const int Left = 150;
    private const int Right = 20;
    private const int Lane = 22;
    private const int Panel = 110;
    private const int Gap = 44;
    private const int Top = 60;
    private static readonly string[] NodeColors = ["#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#9c755f"];
    private Svg _svg = new(0, 0);
    private double _y;

    public string Draw(string title)
    {
        int height = Top + (nodes * Lane) + (5 * (Panel + Gap)) + 90;
        _svg = new Svg(Width, height);
        _svg.Text(Left, 26, title, size: 16);
        _y = Top;
        Faults();
        Controller();
        Chart("partitions led", [.. Enumerable.Range(1, nodes).Select(id => (
            $"node {id}", NodeColors[(id - 1) % NodeColors.Length],
            (Func<int, double?>)(i => samples[i].Leads.TryGetValue(id, out int leads) ? leads : null)))]);
        Chart("replicas in sync", [
            ("ISR sizes, added up", "#59a14f", i => samples[i].Isr < 0 ? null : samples[i].Isr)]);
        Chart("records/s", [
            ("acknowledged", "#4e79a7", i => PerSecond(i, sample => sample.Acknowledged)),
            ("read", "#f28e2b", i => PerSecond(i, sample => sample.Read))]);
        Chart("send latency, ms (log)", [
            ("p50", "#4e79a7", i => Log(samples[i].P50)),
            ("p99", "#e15759", i => Log(samples[i].P99))], isLogarithmic: true);
        TimeAxis();
        return _svg.ToString();
    }

    private double X(long atMs) => Left + ((double)atMs / Math.Max(endMs, 1) * (Width - Left - Right));

    private void Faults()
    {
        for (int id = 1; id <= nodes; id++)
        {
            double y = _y + ((id - 1) * Lane);
            _svg.Text(Left - 8, y + 15, $"node {id}", "end");
            _svg.Rectangle(Left, y + 2, Width - Left - Right, Lane - 4, "#f2f2f2");
            foreach (FaultRecord fault in faults.Where(one => one.Node == 0 || one.Node == id || one.Peer == id))
            {
                double from = X(fault.FromMs);
                double wide = Math.Max(X(fault.ToMs) - from, 3);
                _svg.Rectangle(from, y + 2, wide, Lane - 4, ColorOf(fault.Kind), fault.What);
            }
        }

        _y += nodes * Lane;
        double x = Left;
        foreach (FaultKind kind in faults.Select(fault => fault.Kind).Distinct().Order())
        {
            _svg.Rectangle(x, _y + 6, 10, 10, ColorOf(kind));
            _svg.Text(x + 14, _y + 15, kind.ToString(), size: 11);
            x += 30 + (7 * kind.ToString().Length);
        }

        _y += Gap;
    }

    private void Controller()
    {
        _svg.Text(Left - 8, _y + 15, "controller", "end");
        for (int i = 0; i + 1 < samples.Count; i++)
        {
            if (samples[i].Controller is { } id and > 0)
            {
                _svg.Rectangle(
                    X(samples[i].AtMs), _y + 2, X(samples[i + 1].AtMs) - X(samples[i].AtMs) + 0.3, Lane - 4,
                    NodeColors[(id - 1) % NodeColors.Length],
                    string.Create(CultureInfo.InvariantCulture, $"node {id}, epoch {samples[i].Epoch}"));
            }
        }

        _y += Gap;
    }

    private void Chart(
        string name, IReadOnlyList<(string Name, string Color, Func<int, double?> Value)> curves,
        bool isLogarithmic = false)
    {
        double most = Math.Max(1, curves.SelectMany(curve => Enumerable.Range(0, samples.Count).Select(curve.Value))
            .Max() ?? 1);
        double bottom = _y + Panel;
        _svg.Text(Left - 8, _y + 30, name, "end");
        _svg.Text(Left - 8, _y + 10, Number(isLogarithmic ? Math.Pow(10, most) : most), "end", "#888", 11);
        _svg.Text(Left - 8, bottom, isLogarithmic ? "1" : "0", "end", "#888", 11);
        _svg.Line(Left, bottom, Width - Right, bottom, "#bbb");
        _svg.Line(Left, _y, Width - Right, _y, "#eee");
        double x = Left;
        foreach ((string title, string color, Func<int, double?> value) in curves)
        {
            _svg.Curve(
                Enumerable.Range(0, samples.Count).Select(i => (
                    X(samples[i].AtMs), value(i) is { } known ? bottom - (known / most * Panel) : (double?)null)),
                color);
            _svg.Rectangle(x, bottom + 6, 10, 3, color);
            _svg.Text(x + 14, bottom + 12, title, size: 11);
            x += 40 + (7 * title.Length);
        }

        _y += Panel + Gap;
    }

    private void TimeAxis()
    {
        int stepSeconds = endMs > 300_000 ? 60 : endMs > 60_000 ? 20 : 5;
        for (int seconds = 0; seconds * 1000L <= endMs; seconds += stepSeconds)
        {
            _svg.Line(X(seconds * 1000L), Top - 4, X(seconds * 1000L), _y - Gap, "#00000012");
            _svg.Text(X(seconds * 1000L), _y - 12, $"{seconds} s", "middle", "#888", 11);
        }
    }

    private double? PerSecond(int i, Func<Sample, long> count) => i == 0 ? null
        : (count(samples[i]) - count(samples[i - 1])) * 1000.0 / Math.Max(1, samples[i].AtMs - samples[i - 1].AtMs);

    private static double? Log(double? value) => value is { } known ? Math.Log10(Math.Max(known, 1)) : null;

    private static string Number(double value) =>
        value.ToString(value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);

    private static string ColorOf(FaultKind kind) => kind switch
    {
        FaultKind.Kill => "#e15759",
        FaultKind.KillAll => "#8c1b1d",
        FaultKind.Pause => "#edc948",
        FaultKind.Restart => "#76b7b2",
        FaultKind.Isolation => "#4e79a7",
        FaultKind.PartialPartition => "#a0cbe8",
        FaultKind.OneWayPartition => "#1f4e79",
        FaultKind.NarrowLink => "#b07aa1",
        FaultKind.Loss => "#d4a6c8",
        FaultKind.Delay => "#79706e",
        FaultKind.DiskFull => "#9c755f",
        _ => "#59a14f",
    };
}
