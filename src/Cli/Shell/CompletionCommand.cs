using System.CommandLine;

namespace KRaftSharp.Cli;

/// <summary><c>completion SHELL</c>: the script that makes a shell ask this program what could come next.</summary>
/// <remarks>The scripts call <c>kraftsharp "[suggest:POSITION]" "LINE"</c>, which names of topics and groups are part
/// of.</remarks>
internal static class CompletionCommand
{
    private const string Bash = """
        # bash: source <(kraftsharp completion bash)
        _kraftsharp() {
            local line="${COMP_LINE#"${COMP_WORDS[0]}"}" word="${COMP_WORDS[COMP_CWORD]}"
            local cut=$((${#COMP_LINE} - ${#line}))
            COMPREPLY=()
            while IFS= read -r item; do
                [[ $item == "$word"* ]] && COMPREPLY+=("$item")
            done < <("${COMP_WORDS[0]}" "[suggest:$((COMP_POINT - cut + 10))]" "kraftsharp$line" 2>/dev/null)
        }
        complete -o default -F _kraftsharp kraftsharp
        """;

    private const string Zsh = """
        # zsh: source <(kraftsharp completion zsh)
        _kraftsharp() {
            local line="kraftsharp${BUFFER#${words[1]}}" cut=$((${#words[1]} - 10))
            local -a items
            items=("${(@f)$("${words[1]}" "[suggest:$((CURSOR - cut))]" "$line" 2>/dev/null)}")
            compadd -- ${items:#}
        }
        compdef _kraftsharp kraftsharp
        """;

    private const string Fish = """
        # fish: kraftsharp completion fish | source
        function __kraftsharp_complete
            set -l line (commandline -cp)
            set -l program (commandline -po)[1]
            set -l rest (string sub -s (math (string length -- $program) + 1) -- $line)
            $program "[suggest:"(math (string length -- $rest) + 10)"]" "kraftsharp$rest" 2>/dev/null
        end
        complete -c kraftsharp -f -a '(__kraftsharp_complete)'
        """;

    public static Command Create()
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Command command = new("completion", "Print the completion script of a shell") { shell };
        command.SetAction(arguments => arguments.InvocationConfiguration.Output.WriteLine(
            arguments.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            }));
        return command;
    }
}
