using System.Diagnostics;

namespace KRaftSharp.Chaos.Cluster;

/// <summary>Runs the system's programs.</summary>
internal static class Shell
{
    private const int LimitMs = 20_000;

    /// <summary>Whether a command ends well.</summary>
    public static bool Try(params string[] command) => Run(command, out _);

    /// <exception cref="InvalidOperationException">It did not end well.</exception>
    public static void Do(params string[] command)
    {
        if (!Run(command, out string errors))
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {errors.Trim()}");
        }
    }

    private static bool Run(string[] command, out string errors)
    {
        errors = "";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            errors = process.StandardError.ReadToEnd();
            if (!process.WaitForExit(LimitMs))
            {
                process.Kill(entireProcessTree: true);
                return false;
            }

            _ = output;
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            errors = missing.Message;
            return false;
        }
    }
}
