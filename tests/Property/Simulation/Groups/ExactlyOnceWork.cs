using KRaftSharp.History;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Transactions;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>Consume, transform, produce: an output for each input, and the offset, in one transaction.</summary>
internal sealed class ExactlyOnceWork(
    SimClient client, TransactionSession session, CoordinatorFinder group, GroupTopic topic,
    IReadOnlyList<PartitionId> outputs) : IGroupWork
{
    private int _attempts;

    public bool StartsAgain => true;

    public string State => session.State;

    /// <summary>The input that an output was made from.</summary>
    public static string InputOf(string output) => output[(output.LastIndexOf('<') + 1)..];

    /// <summary>The group that made an output.</summary>
    public static string GroupOf(string output) => output[..output.IndexOf(':', StringComparison.Ordinal)];

    public async Task<bool> CommitAsync(
        IMembership membership, PartitionId partition, long from, long to, IReadOnlyList<string> values)
    {
        await session.InitializeAsync();
        session.Begin();
        string attempt = $"{topic.Group}:{client.Id}.{_attempts++}<";
        StepResult result = StepResult.Done;
        foreach (var share in values.GroupBy(_ => outputs[client.Chance.Below(outputs.Count)]))
        {
            if (result == StepResult.Done)
            {
                result = await session.SendAsync(share.Key, [.. share.Select(value => attempt + value)]);
            }
        }

        if (result == StepResult.Done)
        {
            result = await session.CommitOffsetsAsync(
                group, new Consumed(topic.Group, partition, from, to), membership.Identity);
        }

        switch (client.Chance.Below(25))
        {
            case 0:
                session.Crash();
                await client.WaitAsync(0, 500);
                return false;
            case 1:
                // The transaction times out meanwhile.
                await client.WaitAsync(TransactionSession.TimeoutMs, TransactionSession.TimeoutMs + 1500);
                break;
            case < 4 when result == StepResult.Done:
                result = StepResult.MustAbort;
                break;
        }

        if (result == StepResult.Fenced)
        {
            session.Forget();
            await client.WaitAsync(200, 2000);
            return false;
        }

        return await session.EndAsync(isCommit: result == StepResult.Done) && result == StepResult.Done;
    }

    public void Crash() => session.Crash();
}
