using System.Collections.Concurrent;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Consumer;

/// <summary>Brings answers to the one who polls: each is handled when the poll gets to it, never beside it.</summary>
internal sealed class Inbox(ClientRuntime runtime) : IAsyncDisposable
{
    private readonly ConcurrentQueue<(BrokerResponse? Response, Action Handle)> _answers = new();
    private readonly AsyncSignal _signal = new(
        runtime.Completion.HasFlag(TaskCreationOptions.RunContinuationsAsynchronously));
    private ITimer? _timer;

    /// <summary>Has the answer handled by <see cref="Drain"/> when it has come; the handler disposes it.</summary>
    public void Expect(Task<BrokerResponse> pending, Action<BrokerResponse> handle) =>
        _ = ReceiveAsync(pending, handle);

    /// <summary>Has what became of a task handled by <see cref="Drain"/>: its result, or why there is none.</summary>
    public void Expect<T>(Task<T> pending, Action<T?, KafkaException?> handle) =>
        _ = ReceiveEndAsync(pending, handle);

    public void Drain()
    {
        while (_answers.TryDequeue(out (BrokerResponse? Response, Action Handle) answer))
        {
            answer.Handle();
        }
    }

    /// <summary>Ends when an answer is there, when it is woken, or at that time.</summary>
    public async ValueTask WaitUntilAsync(long untilMs, CancellationToken cancellation)
    {
        _timer ??= runtime.Time.CreateTimer(
            static state => ((AsyncSignal)state!).Set(), _signal, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(untilMs - runtime.NowMs, 1)), Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static state => ((AsyncSignal)state!).Set(), _signal);
        await _signal.WaitAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    public void Wake() => _signal.Set();

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        while (_answers.TryDequeue(out (BrokerResponse? Response, Action Handle) answer))
        {
            answer.Response?.Dispose();
        }
    }

    private async Task ReceiveAsync(Task<BrokerResponse> pending, Action<BrokerResponse> handle)
    {
        BrokerResponse response = await pending;
        _answers.Enqueue((response, () => handle(response)));
        _signal.Set();
    }

    private async Task ReceiveEndAsync<T>(Task<T> pending, Action<T?, KafkaException?> handle)
    {
        T? result = default;
        KafkaException? failure = null;
        try
        {
            result = await pending;
        }
        catch (KafkaException error)
        {
            failure = error;
        }
        catch (ObjectDisposedException)
        {
            failure = new KafkaException(ErrorCode.NetworkException, "the client is closed");
        }

        _answers.Enqueue((null, () => handle(result, failure)));
        _signal.Set();
    }
}
