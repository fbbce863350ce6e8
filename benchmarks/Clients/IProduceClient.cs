namespace KRaftSharp.Benchmarks.Clients;

/// <summary>A producer under measurement.</summary>
internal interface IProduceClient : IAsyncDisposable
{
    /// <summary>Sends so many records and ends when all are acknowledged.</summary>
    Task SendAsync(int records);
}
