using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace KRaftSharp.Cli.Output;

/// <summary>Where a command prints: tables and colours on a terminal, plain lines in pipes, JSON when asked.</summary>
internal sealed class Screen(ToolConfiguration configuration, OutputFormat format)
{
    private static readonly JsonWriterOptions Json = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool IsJson => format == OutputFormat.Json;

    private bool IsTerminal => configuration.IsOutputTerminal;

    public void Show(Report report)
    {
        if (IsJson)
        {
            WriteJson(report.WriteTo);
        }
        else
        {
            Print(report);
        }
    }

    public void Show(Page page)
    {
        if (IsJson)
        {
            WriteJson(page.WriteTo);
        }
        else
        {
            Print(page);
        }
    }

    public void Show(IReadOnlyCollection<Page> pages)
    {
        if (IsJson)
        {
            WriteJson(json =>
            {
                json.WriteStartArray();
                foreach (Page page in pages)
                {
                    page.WriteTo(json);
                }

                json.WriteEndArray();
            });
            return;
        }

        bool isFirst = true;
        foreach (Page page in pages)
        {
            if (!isFirst && IsTerminal)
            {
                configuration.Output.WriteLine();
            }

            isFirst = false;
            Print(page);
        }
    }

    /// <summary>What was done, one after the other.</summary>
    public void Show(ChangeLog changes)
    {
        if (IsJson)
        {
            WriteJson(changes.WriteTo);
            return;
        }

        foreach (string line in changes.Lines)
        {
            configuration.Output.WriteLine(line);
        }
    }

    /// <summary>A remark beside the result; not part of JSON.</summary>
    public void Remark(string text)
    {
        if (!IsJson)
        {
            configuration.Output.WriteLine(text);
        }
    }

    private void WriteJson(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, Json))
        {
            write(json);
        }

        configuration.Output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private void Print(Page page)
    {
        configuration.Output.WriteLine(page.Line);
        foreach ((string key, string? value) in page.Pairs)
        {
            configuration.Output.WriteLine($"  {key}={value}");
        }

        foreach ((string name, Report report) in page.Reports.Where(part => part.Report.Rows.Count > 0))
        {
            if (page.Reports.Count > 1 && IsTerminal)
            {
                configuration.Output.WriteLine($"{name}:");
            }

            Print(report);
        }
    }

    private void Print(Report report)
    {
        if (!IsTerminal)
        {
            foreach (Cell[] row in report.Rows)
            {
                configuration.Output.WriteLine(string.Join('\t', row.Select(cell => cell.Text)));
            }

            return;
        }

        if (report.Rows.Count == 0)
        {
            configuration.Output.WriteLine(report.Empty);
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(configuration.Output),
            Ansi = AnsiSupport.Yes,
            ColorSystem = configuration.HasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = configuration.Width;
        console.Write(ToTable(report));
    }

    private static Table ToTable(Report report)
    {
        Table table = new() { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        for (int i = 0; i < report.Columns.Count; i++)
        {
            bool isNumeric = report.Rows.Any(row => row[i].IsNumber)
                && report.Rows.All(row => row[i].IsNumber || row[i].Text == "-");
            table.AddColumn(new TableColumn(new Text(report.Columns[i], new Style(decoration: Decoration.Bold)))
            {
                Alignment = isNumeric ? Justify.Right : Justify.Left,
            });
        }

        foreach (Cell[] row in report.Rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell.Text, StyleOf(cell.Tone)))]);
        }

        return table;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        Tone.Dim => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
