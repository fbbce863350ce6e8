using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Security;

/// <summary><c>users</c>: SCRAM credentials.</summary>
internal static class UsersCommand
{
    private const string PasswordVariable = "KRAFTSHARP_PASSWORD";

    public static Command Create(ClusterOptions options)
    {
        Command users = new("users", "SCRAM credentials of users") { List(options), Set(options), Delete(options) };
        options.AddTo(users);
        return users;
    }

    private static Command List(ClusterOptions options)
    {
        Argument<string[]> names = new("user")
        {
            Description = "The users' names; all when left out",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Command list = new("list", "List users with their mechanisms") { names };
        list.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            Report report = new("user", "mechanism", "iterations") { Empty = "no user has a SCRAM credential" };
            foreach ((string user, Outcome<IReadOnlyList<ScramCredential>> outcome) in
                (await admin.Users.DescribeAsync(
                    context.Value(names) is { Length: > 0 } wanted ? wanted : null, cancellation)).OrderBy(
                    pair => pair.Key, StringComparer.Ordinal))
            {
                if (outcome.Error == ErrorCode.ResourceNotFound)
                {
                    throw new ToolException(
                        $"user '{user}' has no SCRAM credential", $"'kraftsharp users set {user}' gives one",
                        outcome.Error);
                }

                foreach (ScramCredential credential in outcome.Value)
                {
                    report.Add(user, NameOf(credential.Mechanism), credential.Iterations);
                }
            }

            context.Screen.Show(report);
            return 0;
        });
        return list;
    }

    private static Command Set(ClusterOptions options)
    {
        Argument<string> name = new("user") { Description = "The user's name" };
        Option<string[]> mechanisms = MechanismOption();
        Option<int> iterations = new("--iterations")
        {
            Description = "4096 to 16384",
            DefaultValueFactory = _ => 4096,
        };
        Command set = new(
            "set", $"Set a user's password: from {PasswordVariable}, or the first line of the standard input")
        {
            name, mechanisms, iterations,
        };
        set.Run(options, async (context, cancellation) =>
        {
            string user = context.Required(name);
            string password = await PasswordAsync(context, cancellation);
            ScramMechanism[] wanted = Mechanisms(context.Value(mechanisms));
            await using KafkaAdmin admin = context.Admin();
            return await AlterAsync(
                context, admin, user,
                wanted.Select(one => ScramChange.Set(user, one, password, context.Value(iterations))),
                $"user {user} has a password for {string.Join(", ", wanted.Select(NameOf))}", cancellation);
        });
        return set;
    }

    private static Command Delete(ClusterOptions options)
    {
        Argument<string> name = new("user") { Description = "The user's name" };
        Option<string[]> mechanisms = MechanismOption();
        Command delete = new("delete", "Delete a user's credentials") { name, mechanisms };
        delete.Run(options, async (context, cancellation) =>
        {
            string user = context.Required(name);
            await using KafkaAdmin admin = context.Admin();
            ScramMechanism[] wanted = context.Value(mechanisms) is { Length: > 0 } given
                ? Mechanisms(given)
                : [.. (await admin.Users.DescribeAsync([user], cancellation))[user].Value.Select(
                    credential => credential.Mechanism)];
            return await AlterAsync(
                context, admin, user, wanted.Select(one => ScramChange.Delete(user, one)),
                $"user {user} has no password for {string.Join(", ", wanted.Select(NameOf))}", cancellation);
        });
        return delete;
    }

    private static async Task<int> AlterAsync(
        ToolContext context, KafkaAdmin admin, string user, IEnumerable<ScramChange> changes, string sentence,
        CancellationToken cancellation)
    {
        ScramChange[] all = [.. changes];
        ChangeLog log = new();
        log.Add(
            (await admin.Users.AlterAsync(all, cancellation))[user], sentence, ("user", user),
            ("mechanisms", (string[])[.. all.Select(change => NameOf(change.Mechanism))]));
        return context.Finish(log);
    }

    private static async Task<string> PasswordAsync(ToolContext context, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } known)
        {
            return known;
        }

        if (context.Configuration.IsInputTerminal)
        {
            await context.Configuration.Error.WriteAsync("password (it is not shown): ");
            string typed = SecretLine.Read(context.Configuration.ReadKey);
            await context.Configuration.Error.WriteLineAsync();
            return typed.Length > 0 ? typed : throw new ArgumentException("no password was given");
        }

        using StreamReader input = new(context.Configuration.InputStream, leaveOpen: true);
        return await input.ReadLineAsync(cancellation) is { Length: > 0 } line
            ? line
            : throw new ArgumentException($"give a password: in {PasswordVariable} or on the standard input");
    }

    private static Option<string[]> MechanismOption()
    {
        Option<string[]> option = new("--mechanism", "-m")
        {
            Description = "SCRAM-SHA-256 or SCRAM-SHA-512; repeatable",
        };
        option.AcceptOnlyFromAmong("SCRAM-SHA-256", "SCRAM-SHA-512");
        return option;
    }

    private static ScramMechanism[] Mechanisms(string[]? names) => names is { Length: > 0 }
        ? [.. names.Distinct().Select(name => name == "SCRAM-SHA-256" ? ScramMechanism.Sha256 : ScramMechanism.Sha512)]
        : [ScramMechanism.Sha512];

    private static string NameOf(ScramMechanism mechanism) => mechanism switch
    {
        ScramMechanism.Sha256 => "SCRAM-SHA-256",
        ScramMechanism.Sha512 => "SCRAM-SHA-512",
        _ => $"{(sbyte)mechanism}",
    };
}
