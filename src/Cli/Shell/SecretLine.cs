using System.Text;

namespace KRaftSharp.Cli;

/// <summary>Reads a line of the terminal that is not shown, such as a password.</summary>
internal static class SecretLine
{
    /// <param name="readKey">Waits for the next key.</param>
    public static string Read(Func<ConsoleKeyInfo> readKey)
    {
        StringBuilder line = new();
        while (true)
        {
            ConsoleKeyInfo key = readKey();
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return line.ToString();
                case ConsoleKey.Backspace:
                    line.Length = Math.Max(line.Length - 1, 0);
                    break;
                case ConsoleKey.U when key.Modifiers.HasFlag(ConsoleModifiers.Control):
                    line.Clear();
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        line.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}
