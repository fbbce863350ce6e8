using System.CommandLine;

namespace KRaftSharp.Cli.Dump;

/// <summary><c>dump</c>: what lies in a node's files, as lines of JSON.</summary>
internal static class DumpCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> files = new("file")
        {
            Description = "Segments, indexes, snapshots, checkpoints, meta.properties; or folders of them",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> deep = new("--deep")
        {
            Description = "Every record, not only the batches (records of the metadata log always)",
        };
        Command command = new("dump", "Print the files of a node as lines of JSON") { files, deep };
        command.Run(options, (context, cancellation) => Task.FromResult(Run(
            context, context.Required(files), context.Value(deep), cancellation)));
        return command;
    }

    private static int Run(ToolContext context, string[] paths, bool deep, CancellationToken cancellation)
    {
        using DumpOutput output = new(context.Configuration.OutputStream);
        bool isSound = true;
        foreach (string path in paths.SelectMany(FilesOf))
        {
            cancellation.ThrowIfCancellationRequested();
            isSound &= FileDump.Write(path, deep, output);
        }

        return isSound ? 0 : CommandErrors.Failed;
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new FileNotFoundException($"there is no file {path}");
        }

        return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(FileDump.IsKnown).Order(
            StringComparer.Ordinal);
    }
}
