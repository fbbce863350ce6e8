namespace KRaftSharp.Benchmarks.Quorum;

/// <summary>Three voters on loopback and on disk in this process, ready to commit.</summary>
internal interface IQuorumEngine : IAsyncDisposable
{
    Task StartAsync(string directory);

    /// <summary>Completes when the record is committed.</summary>
    Task CommitAsync();
}
