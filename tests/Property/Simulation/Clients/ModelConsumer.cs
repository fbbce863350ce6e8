using KRaftSharp.History;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>
/// Reads one partition from its start, again and again from anywhere before or after, and keeps what it saw.
/// </summary>
internal sealed class ModelConsumer(
    SimClient client, ClusterView view, ClientHistory history, PartitionId partition,
    Isolation isolation = Isolation.ReadUncommitted)
{
    private const int LongestWaitMs = 500;
    private readonly PartitionFetcher _fetcher = new(client, view);
    private Reading _reading = history.Operations.Read($"c{client.Id}", partition, isolation, 0);
    private int _turn;

    public bool IsStopping { get; set; }

    public async Task RunAsync()
    {
        while (!IsStopping)
        {
            if (!await TryFetchAsync())
            {
                await client.WaitAsync(5, 80);
                await view.RefreshAsync(partition.Topic);
            }
            else if (client.Chance.Below(30) == 0)
            {
                Seek();
            }
        }
    }

    /// <summary>Anywhere: at a marker, within a batch, within a transaction that was aborted.</summary>
    private void Seek() => _reading = history.Operations.Read(
        $"c{client.Id}-{++_turn}", partition, isolation,
        client.Chance.Below((int)Math.Min(int.MaxValue, _reading.To + 1)));

    private async Task<bool> TryFetchAsync()
    {
        Fetched? fetched = await _fetcher.FetchAsync(partition, _reading.To, isolation, LongestWaitMs);
        if (fetched is null)
        {
            return false;
        }

        if (fetched.Anomaly.Length > 0)
        {
            history.Anomalies.Add($"consumer {client.Id}: {fetched.Anomaly}");
            IsStopping = true;
            return false;
        }

        foreach ((long offset, string value) in fetched.Records)
        {
            _reading.Take(offset, value);
        }

        _reading.Pass(fetched.NextOffset);
        return fetched.Error == Protocol.ErrorCode.None;
    }
}
