using System.Text.Json;

namespace KRaftSharp.Cli.Dump;

/// <summary>Prints the files that are text: checkpoints, properties, the quorum's state.</summary>
internal static class TextDump
{
    public static bool Write(string path, DumpOutput output)
    {
        string name = Path.GetFileName(path);
        string text = File.ReadAllText(path);
        if (text.TrimStart().StartsWith('{'))
        {
            return WriteJson(text, output);
        }

        string[] lines = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        return name.EndsWith("-checkpoint", StringComparison.Ordinal)
            ? WriteCheckpoint(name, lines, output)
            : WriteProperties(lines, output);
    }

    private static bool WriteJson(string text, DumpOutput output)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        Utf8JsonWriter json = output.Begin();
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            property.WriteTo(json);
        }

        output.End();
        return true;
    }

    private static bool WriteProperties(string[] lines, DumpOutput output)
    {
        Utf8JsonWriter json = output.Begin();
        foreach (string line in lines.Where(line => !line.StartsWith('#')))
        {
            int separator = line.IndexOfAny(['=', ':']);
            json.WriteString(
                separator < 0 ? line : line[..separator].Trim(), separator < 0 ? "" : line[(separator + 1)..].Trim());
        }

        output.End();
        return true;
    }

    // A version, a count, and a line an entry.
    private static bool WriteCheckpoint(string name, string[] lines, DumpOutput output)
    {
        if (lines.Length < 2 || lines[0] != "0" || !int.TryParse(lines[1], out int count) || count != lines.Length - 2)
        {
            return output.Fault("a checkpoint holds version 0, a count and that many lines", 0);
        }

        bool isEpochs = name == "leader-epoch-checkpoint";
        for (int i = 2; i < lines.Length; i++)
        {
            string[] fields = lines[i].Split(' ');
            if (fields.Length != (isEpochs ? 2 : 3) || !long.TryParse(fields[^1], out long offset)
                || !int.TryParse(fields[^2], out int number))
            {
                return output.Fault($"'{lines[i]}' is no entry", i + 1);
            }

            Utf8JsonWriter json = output.Begin();
            if (isEpochs)
            {
                json.WriteNumber("epoch", number);
                json.WriteNumber("startOffset", offset);
            }
            else
            {
                json.WriteString("topic", fields[0]);
                json.WriteNumber("partition", number);
                json.WriteNumber("offset", offset);
            }

            output.End();
        }

        return true;
    }
}
