using KRaftSharp.History;
using KRaftSharp.Tests.Property.Simulation.Clients;

namespace KRaftSharp.Tests.Property.Simulation.Transactions;

/// <summary>
/// Writes transactions of a few records to any partitions; commits most, aborts some, dies in the middle of some, and
/// sleeps over some until the coordinator aborts them.
/// </summary>
internal sealed class TransactionalProducer(
    SimClient client, TransactionSession session, IReadOnlyList<PartitionId> partitions)
{
    private int _next;

    public bool IsDraining { get; set; }

    public bool IsDone { get; private set; }

    public string State => session.State;

    public async Task RunAsync()
    {
        bool isCommitted = false;
        while (!IsDraining || !isCommitted)
        {
            await session.InitializeAsync();
            session.Begin();
            StepResult result = await WriteAsync();
            if (!IsDraining && client.Chance.Below(15) == 0)
            {
                session.Crash();
                await client.WaitAsync(100, 3000);
                continue;
            }

            if (result == StepResult.Fenced)
            {
                session.Forget();
                await client.WaitAsync(300, 4000);
                continue;
            }

            bool isCommit = result == StepResult.Done && (IsDraining || client.Chance.Below(5) > 0);
            bool isEnded = await session.EndAsync(isCommit);
            isCommitted = isEnded && isCommit && IsDraining;
            await client.WaitAsync(isEnded ? 0 : 300, client.Chance.Below(6) == 0 ? 2000 : 400);
        }

        IsDone = true;
    }

    private async Task<StepResult> WriteAsync()
    {
        StepResult result = StepResult.Done;
        for (int count = client.Chance.Between(1, 4); count > 0 && result == StepResult.Done; count--)
        {
            PartitionId partition = partitions[client.Chance.Below(partitions.Count)];
            int records = client.Chance.Between(1, 3);
            result = await session.SendAsync(
                partition, [.. Enumerable.Range(0, records).Select(_ => $"t{client.Id}-{_next++}")]);
            bool sleeps = !IsDraining && client.Chance.Below(25) == 0;
            await client.WaitAsync(sleeps ? TransactionSession.TimeoutMs : 0, sleeps ? 5000 : 60);
        }

        return result;
    }
}
