using System.Text.Json;

namespace KRaftSharp.Tests.Integration.Tool;

/// <summary>What a command of the tool printed, and how it ended.</summary>
public sealed record ToolRun(int Code, string Output, string Error)
{
    /// <summary>The output as JSON; it must be one document.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.True(Code == 0, $"code {Code}: {Error}");
            return JsonDocument.Parse(Output).RootElement;
        }
    }

    /// <summary>The lines of the output, each in its columns; the command must have succeeded.</summary>
    public string[][] Rows
    {
        get
        {
            Assert.True(Code == 0, $"code {Code}: {Error}");
            return [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
        }
    }
}
