using System.Text.RegularExpressions;

namespace KRaftSharp.Tests.Unit.Architecture;

/// <summary>The faults that scripts/mutate.sh plants fit the sources of now: a patch that no longer applies proves
/// nothing.</summary>
public sealed partial class MutationPatchTests
{
    private const int LeastFaults = 30;
    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "Property", "Mutations");

    private static readonly string[] Sections =
    [
        "Quorum", "Controller and metadata", "Partition replication", "Idempotence and transactions", "Groups",
        "What a client sees", "Bad input",
    ];

    [Fact]
    public void EveryPatch_FindsWhatItReplaces_ExactlyOnce()
    {
        List<string> broken = [];
        foreach (string file in Directory.GetFiles(Folder, "*.patch").Order(StringComparer.Ordinal))
        {
            broken.AddRange(Misfits(File.ReadAllLines(file)).Select(what => $"{Path.GetFileName(file)}: {what}"));
        }

        Assert.True(broken.Count == 0, string.Join(Environment.NewLine, broken));
    }

    [Fact]
    public void EveryFault_SaysWhatItBreaksAndWhatFindsIt()
    {
        string[] files = [.. Directory.GetFiles(Folder)];
        Assert.True(files.Length >= LeastFaults, $"{files.Length} faults");
        HashSet<string> sections = [];
        foreach (string file in files)
        {
            string[] lines = File.ReadAllLines(file);
            foreach (string key in (string[])["Section", "Invariant", "Fault", "Run"])
            {
                Assert.True(Array.Exists(lines, line => line.StartsWith(key + ": ", StringComparison.Ordinal)),
                    $"{Path.GetFileName(file)} lacks '{key}: '");
            }

            Assert.All(
                lines.Where(line => line.StartsWith("Run: ", StringComparison.Ordinal)),
                line => Assert.Matches(Run(), line));
            string section = lines.First(line => line.StartsWith("Section: ", StringComparison.Ordinal));
            sections.Add(section["Section: ".Length..]);
        }

        Assert.Equal(Sections.Order(), sections.Order());
    }

    [Fact]
    public void PatchOfAnotherText_IsAMisfit()
    {
        string file = "tests/Unit/Architecture/MutationPatchTests.cs";
        string[] patch = ["--- a/" + file, "+++ b/" + file, "@@ -1 +1 @@", "-not in " + "this file", "+nor is this"];

        Assert.Single(Misfits(patch));
    }

    /// <summary>The hunks whose old text is not there once.</summary>
    private static IEnumerable<string> Misfits(string[] patch)
    {
        string path = patch.First(line => line.StartsWith("+++ b/", StringComparison.Ordinal))["+++ b/".Length..];
        string source = string.Join('\n', SourceTree.Lines(path)) + '\n';
        List<string>? old = null;
        foreach (string line in patch.Append("@@"))
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                if (old is not null && CountOf(source, string.Concat(old)) is var count and not 1)
                {
                    yield return $"found {count} times in {path}: {old[0].Trim()}";
                }

                old = [];
            }
            else if (old is not null && line is not ['+', ..] && !line.StartsWith('\\'))
            {
                old.Add((line.Length == 0 ? line : line[1..]) + '\n');
            }
        }
    }

    // Whole lines only: what begins a line of the patch begins one of the source.
    private static int CountOf(string source, string text)
    {
        source = '\n' + source;
        text = '\n' + text;
        int count = 0;
        for (int at = source.IndexOf(text, StringComparison.Ordinal); at >= 0;
            at = source.IndexOf(text, at + 1, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    [GeneratedRegex("^Run: (sim (quorum|cluster|reassignments|coordinators|consumers)"
        + "|(property|unit|planted) [A-Za-z._]+)$")]
    private static partial Regex Run();
}
