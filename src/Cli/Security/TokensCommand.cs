using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Security;

/// <summary><c>tokens</c>: delegation tokens.</summary>
internal static class TokensCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command tokens = new("tokens", "Delegation tokens")
        {
            List(options), Make(options), Extend(options, "renew", "Let a token live longer"),
            Extend(options, "expire", "Let a token end, at once or after --period"),
        };
        options.AddTo(tokens);
        return tokens;
    }

    private static Command List(ClusterOptions options)
    {
        Option<string[]> owners = new("--owner") { Description = "Only this principal's; repeatable" };
        Command list = new("list", "List tokens") { owners };
        list.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            Report report = new("id", "owner", "renewers", "issued", "expires", "at most until")
            {
                Empty = "there are no tokens",
            };
            foreach (DelegationToken token in await admin.Tokens.DescribeAsync(
                context.Value(owners) is { Length: > 0 } wanted ? wanted.Select(KafkaPrincipal.Parse) : null,
                cancellation))
            {
                report.Add(
                    token.Id, token.Owner.ToString(),
                    (string[])[.. token.Renewers.Select(renewer => renewer.ToString())],
                    Cell.Time(token.IssuedAtMs), Cell.Time(token.ExpiresAtMs), Cell.Time(token.MaxTimestampMs));
            }

            context.Screen.Show(report);
            return 0;
        });
        return list;
    }

    private static Command Make(ClusterOptions options)
    {
        Option<string?> owner = new("--owner") { Description = "Whom it stands for; left out: you" };
        Option<string[]> renewers = new("--renewer") { Description = "Who may renew it, too; repeatable" };
        Option<string?> lifetime = new("--max-lifetime") { Description = "Such as 7d; left out: the broker's" };
        Command create = new("create", "Create a token and print its secret") { owner, renewers, lifetime };
        create.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            DelegationToken token = await admin.Tokens.CreateAsync(
                (context.Value(renewers) ?? []).Select(KafkaPrincipal.Parse),
                context.Value(lifetime) is { } text ? Quantities.ParseDuration(text) : null,
                context.Value(owner) is { } name ? KafkaPrincipal.Parse(name) : null, cancellation);
            context.Screen.Show(new Page("token", token.Id)
                .Fact("hmac", Convert.ToBase64String(token.Hmac.Span))
                .Fact("owner", token.Owner.ToString())
                .Fact("expires", Cell.Time(token.ExpiresAtMs))
                .Fact("at most until", Cell.Time(token.MaxTimestampMs)));
            return 0;
        });
        return create;
    }

    private static Command Extend(ClusterOptions options, string name, string description)
    {
        Argument<string> hmac = new("hmac") { Description = "The token's secret, in base64" };
        Option<string?> period = new("--period") { Description = "From now, such as 1h" };
        Command command = new(name, description) { hmac, period };
        command.Run(options, async (context, cancellation) =>
        {
            byte[] secret = Convert.FromBase64String(context.Required(hmac));
            TimeSpan? time = context.Value(period) is { } text ? Quantities.ParseDuration(text) : null;
            await using KafkaAdmin admin = context.Admin();
            long expires = await (name == "renew"
                ? admin.Tokens.RenewAsync(secret, time, cancellation)
                : admin.Tokens.ExpireAsync(secret, time, cancellation));
            ChangeLog changes = new();
            changes.Done($"the token expires at {Cell.Time(expires).Text}", ("expires", Cell.Time(expires)));
            return context.Finish(changes);
        });
        return command;
    }
}
