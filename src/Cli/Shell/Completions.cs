using System.CommandLine;
using System.CommandLine.Completions;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli;

/// <summary>Names for shell completion that only the cluster knows; none where it does not answer at once.</summary>
internal static class Completions
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    public static Func<CompletionContext, IEnumerable<CompletionItem>> Topics(ClusterOptions options) =>
        Of(options, async admin => (await admin.Topics.ListAsync()).Select(topic => topic.Name));

    public static Func<CompletionContext, IEnumerable<CompletionItem>> Groups(ClusterOptions options) =>
        Of(options, async admin => (await admin.Groups.ListAsync()).Select(group => group.Id));

    public static Func<CompletionContext, IEnumerable<CompletionItem>> Transactions(ClusterOptions options) =>
        Of(options, async admin => (await admin.Transactions.ListAsync()).Select(one => one.TransactionalId));

    /// <summary>The help shows the name: without one it would list what the cluster has.</summary>
    public static void CompleteWith(
        this Argument argument, Func<CompletionContext, IEnumerable<CompletionItem>> source)
    {
        argument.HelpName ??= argument.Name;
        argument.CompletionSources.Add(source);
    }

    /// <inheritdoc cref="CompleteWith(Argument, Func{CompletionContext, IEnumerable{CompletionItem}})"/>
    public static void CompleteWith(this Option option, Func<CompletionContext, IEnumerable<CompletionItem>> source)
    {
        option.HelpName ??= option.Name.TrimStart('-');
        option.CompletionSources.Add(source);
    }

    private static Func<CompletionContext, IEnumerable<CompletionItem>> Of(
        ClusterOptions options, Func<KafkaAdmin, Task<IEnumerable<string>>> list) => context =>
        {
            try
            {
                return [.. AskAsync(options, context, list).GetAwaiter().GetResult().Where(
                    name => name.StartsWith(context.WordToComplete, StringComparison.Ordinal)).Select(
                    name => new CompletionItem(name))];
            }
            catch (Exception error) when (error is KafkaException or ArgumentException)
            {
                return [];
            }
        };

    private static async Task<IEnumerable<string>> AskAsync(
        ClusterOptions options, CompletionContext context, Func<KafkaAdmin, Task<IEnumerable<string>>> list)
    {
        await using KafkaAdmin admin = KafkaAdmin.Create(new ClientOptions
        {
            BootstrapServers = options.ServersOf(context.ParseResult),
            ApiTimeout = Patience,
            ConnectTimeout = Patience,
            RequestTimeout = Patience,
        });
        return await list(admin);
    }
}
