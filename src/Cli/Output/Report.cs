using Spectre.Console;

namespace KRaftSharp.Cli.Output;

/// <summary>Rows for people or for other programs: a table on a terminal, tab-separated lines when piped.</summary>
internal sealed class Report
{
    private readonly string[] _columns;
    private readonly List<string[]> _rows = [];

    public Report(params string[] columns) => _columns = columns;

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        if (Console.IsOutputRedirected)
        {
            foreach (string[] row in _rows)
            {
                Console.Out.WriteLine(string.Join('\t', row));
            }

            return;
        }

        Table table = new() { Border = TableBorder.Rounded };
        foreach (string column in _columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (string[] row in _rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        AnsiConsole.Write(table);
    }
}
