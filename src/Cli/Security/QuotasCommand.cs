using System.CommandLine;
using System.Globalization;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Security;

/// <summary><c>quotas</c>: how much users, clients and addresses may.</summary>
internal sealed class QuotasCommand
{
    private const string DefaultName = "default";

    private readonly Option<string?> _user = new("--user") { Description = "A user's name, or 'default'" };

    private readonly Option<string?> _client = new("--client-id") { Description = "A client id, or 'default'" };

    private readonly Option<string?> _ip = new("--ip") { Description = "A client's address, or 'default'" };

    public static Command Create(ClusterOptions options)
    {
        Command quotas = new("quotas", "Client quotas of users, client ids and addresses")
        {
            new QuotasCommand().List(options), new QuotasCommand().Set(options), new QuotasCommand().Remove(options),
        };
        options.AddTo(quotas);
        return quotas;
    }

    private Command List(ClusterOptions options)
    {
        Command list = new("list", "List quotas; all, or those of an entity") { _user, _client, _ip };
        list.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            Report report = new("user", "client id", "ip", "quota", "value") { Empty = "there are no quotas" };
            foreach ((QuotaEntity entity, IReadOnlyDictionary<string, double> values) in
                (await admin.Quotas.DescribeAsync(
                    Parts(context).Select(part => part.Value is null
                        ? new QuotaFilter(part.Key, QuotaMatch.Default)
                        : new QuotaFilter(part.Key, QuotaMatch.Exact, part.Value)),
                    strict: false, cancellation)).OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal))
            {
                foreach ((string quota, double value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    report.Add(
                        Name(entity, QuotaEntity.User), Name(entity, QuotaEntity.ClientId),
                        Name(entity, QuotaEntity.Ip), quota, value);
                }
            }

            context.Screen.Show(report);
            return 0;
        });
        return list;
    }

    private Command Set(ClusterOptions options)
    {
        Argument<string[]> values = new("quota=value")
        {
            Description = "producer_byte_rate, consumer_byte_rate (bytes/s), request_percentage, "
                + "controller_mutation_rate; connection_creation_rate of addresses",
            Arity = ArgumentArity.OneOrMore,
        };
        Command set = new("set", "Set quotas of an entity") { values, _user, _client, _ip };
        set.Run(options, (context, cancellation) => AlterAsync(
            context,
            KeyValueOption.Parse(context.Required(values)).ToDictionary(pair => pair.Key, double? (pair) =>
                double.TryParse(pair.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number
                    : throw new ArgumentException($"the value of {pair.Key} is a number, not '{pair.Value}'")),
            cancellation));
        return set;
    }

    private Command Remove(ClusterOptions options)
    {
        Argument<string[]> names = new("quota")
        {
            Description = "Such as producer_byte_rate",
            Arity = ArgumentArity.OneOrMore,
        };
        Command remove = new("remove", "Remove quotas of an entity") { names, _user, _client, _ip };
        remove.Run(options, (context, cancellation) => AlterAsync(
            context, context.Required(names).Distinct().ToDictionary(name => name, double? (_) => null),
            cancellation));
        return remove;
    }

    private async Task<int> AlterAsync(
        ToolContext context, Dictionary<string, double?> values, CancellationToken cancellation)
    {
        QuotaEntity entity = new(Parts(context));
        if (entity.Parts.Count == 0)
        {
            throw new ArgumentException("say whose: give --user, --client-id, both, or --ip");
        }

        await using KafkaAdmin admin = context.Admin();
        Outcome outcome = (await admin.Quotas.AlterAsync(
            new Dictionary<QuotaEntity, IReadOnlyDictionary<string, double?>> { [entity] = values },
            validateOnly: false, cancellation))[entity];
        ChangeLog changes = new();
        foreach ((string quota, double? value) in values)
        {
            changes.Add(
                outcome,
                value is { } number
                    ? string.Create(CultureInfo.InvariantCulture, $"{entity}: {quota} is {number}")
                    : $"{entity}: {quota} is removed",
                ("entity", entity.ToString()), ("quota", quota), ("value", value is { } set ? set : Cell.None));
        }

        return context.Finish(changes);
    }

    private List<KeyValuePair<string, string?>> Parts(ToolContext context)
    {
        List<KeyValuePair<string, string?>> parts = [];
        Add(QuotaEntity.User, _user);
        Add(QuotaEntity.ClientId, _client);
        Add(QuotaEntity.Ip, _ip);
        return parts;

        void Add(string type, Option<string?> option)
        {
            if (context.Value(option) is { } name)
            {
                parts.Add(KeyValuePair.Create(type, name == DefaultName ? null : name));
            }
        }
    }

    private static Cell Name(QuotaEntity entity, string type) =>
        entity.Parts.TryGetValue(type, out string? name) ? name ?? DefaultName : Cell.None;
}
