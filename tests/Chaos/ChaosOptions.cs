using System.Globalization;

namespace KRaftSharp.Chaos;

/// <summary>What scripts/chaos.sh was asked for.</summary>
internal sealed record ChaosOptions
{
    public double Minutes { get; private init; } = 2;

    public ulong Seed { get; private init; } = (ulong)DateTime.UtcNow.Ticks;

    /// <summary>Records a second of each producer.</summary>
    public int Rate { get; private init; } = 300;

    public int PortBase { get; private init; } = 43_000;

    /// <summary>Only what an operator does: each node in turn is stopped in order and started again.</summary>
    public bool IsRolling { get; private init; }

    public bool IsLoopback { get; private init; }

    /// <summary>Where the nodes keep their data: removed at the end, unless something was violated.</summary>
    public string Data { get; private init; } = Path.Combine(Path.GetTempPath(), "kraftsharp-chaos");

    public string Report { get; private init; } = "chaos-report";

    /// <summary>The program and its first arguments.</summary>
    public string[] Tool { get; private init; } = ["kraftsharp"];

    public static ChaosOptions? Parse(string[] arguments, TextWriter errors)
    {
        ChaosOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            ChaosOptions? next = name switch
            {
                "--rolling" => options with { IsRolling = true },
                "--loopback" => options with { IsLoopback = true },
                _ => options.With(name, value),
            };
            if (next is null)
            {
                errors.WriteLine($"chaos: '{name} {value}' is not an option");
                return null;
            }

            i += name is "--rolling" or "--loopback" ? 0 : 1;
            options = next;
        }

        return options;
    }

    private ChaosOptions? With(string name, string value) => name switch
    {
        "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out double minutes) && minutes > 0 =>
            this with { Minutes = minutes },
        "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong seed) => this with { Seed = seed },
        "--rate" when int.TryParse(value, CultureInfo.InvariantCulture, out int rate) && rate > 0 =>
            this with { Rate = rate },
        "--port-base" when int.TryParse(value, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and < 65_000 => this with { PortBase = port },
        "--data" when value.Length > 0 => this with { Data = Path.GetFullPath(value) },
        "--report" when value.Length > 0 => this with { Report = Path.GetFullPath(value) },
        "--tool" when value.Length > 0 => this with { Tool = value.Split(' ') },
        _ => null,
    };
}
