using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Transactions;

/// <summary><c>transactions fence</c>: shuts producers of a transactional id out and aborts what they have
/// open.</summary>
internal static class FenceCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> ids = new("transactional-id")
        {
            Description = "The producers' transactional.id",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("fence", "Shut producers out; what they have open is aborted (KIP-939's force-terminate)")
        {
            ids,
        };
        ids.CompleteWith(Completions.Transactions(options));
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            ChangeLog changes = new();
            foreach ((string id, Outcome<FencedProducer> outcome) in await admin.Transactions.FenceAsync(
                context.Required(ids), cancellation))
            {
                FencedProducer now = outcome.IsOk ? outcome.Value : new FencedProducer(-1, -1);
                changes.Add(
                    outcome, $"{id}: producers before epoch {now.Epoch} of id {now.ProducerId} are fenced",
                    ("transactionalId", id), ("producerId", Cell.Known(now.ProducerId)),
                    ("epoch", Cell.Known(now.Epoch)));
            }

            return context.Finish(changes);
        });
        return command;
    }
}
