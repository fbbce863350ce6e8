using System.Net.Sockets;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Network;

/// <summary>One life of a channel: connects, asks for the versions, then sends and receives until it breaks.</summary>
internal sealed class ChannelSession(SocketChannel channel, string clientId) : IDisposable
{
    private const short ApiVersionsVersion = 3;
    private const int MaxResponseBytes = 512 * 1024 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Strand _sender = new();
    private readonly List<EncodedFrame> _waiting = [];
    private readonly List<EncodedFrame> _sending = [];
    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private readonly FrameReader _frames = new(MaxResponseBytes, null);
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Dictionary<short, (short Lowest, short Highest)> _versions = [];
    private SocketStream? _stream;
    private SocketThread _thread;
    private bool _sendIsUnderWay;
    private volatile bool _isReady;
    private volatile bool _isDisposed;

    /// <summary>True once connected and the other side's versions are known.</summary>
    public bool IsReady => _isReady;

    /// <summary>Ends when the connection does; tells the channel, so that nobody needs to await it.</summary>
    public Task Run { get; private set; } = Task.CompletedTask;

    public void Start() => Run = RunAsync();

    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
    }

    /// <summary>Settles the version of a call, encoding it again where the other side knows only older ones.</summary>
    public bool TryNegotiate(OutgoingCall call, string clientId)
    {
        if (!_versions.TryGetValue((short)call.Key, out (short Lowest, short Highest) range)
            || call.Version < range.Lowest)
        {
            return false;
        }

        if (call.Version <= range.Highest)
        {
            return true;
        }

        using EncodedFrame newer = call.TakeFrame();
        ReadOnlyMemory<byte> bytes = newer.ToArray().AsMemory(sizeof(int));
        if (range.Highest < ApiTable.Get(call.Key)!.LowestVersion
            || !RequestFrame.TryDecode(bytes, out _, out IApiMessage? body, out _, out _)
            || body is null)
        {
            return false;
        }

        call.Version = range.Highest;
        call.Frame = RequestFrame.Encode(body, range.Highest, call.CorrelationId, clientId);
        return true;
    }

    public void Send(EncodedFrame frame) => _sender.Post(
        static (session, frame) => ((ChannelSession)session!)._waiting.Add((EncodedFrame)frame!), this, frame);

    public void Flush() =>
        _sender.Post(static (session, _) => ((ChannelSession)session!).SendWaiting(), this, null);

    private async Task RunAsync()
    {
        try
        {
            await ConnectAsync();
            await NegotiateAsync();
            await ReceiveAsync();
            channel.OnBroken(this, RpcStatus.Disconnected, "closed by the other side");
        }
        catch (SocketException error)
        {
            RpcStatus status = error.SocketErrorCode == SocketError.ConnectionRefused && _stream is null
                ? RpcStatus.Refused
                : RpcStatus.Disconnected;
            channel.OnBroken(this, status, error.SocketErrorCode.ToString());
        }
        catch (Exception error) when (error is ObjectDisposedException or IOException or OperationCanceledException)
        {
            channel.OnBroken(this, RpcStatus.Disconnected, error.Message);
        }
        finally
        {
            _frames.Dispose();
        }
    }

    private async Task ConnectAsync()
    {
        using CancellationTokenSource timeout = new(ConnectTimeout);
        await _socket.ConnectAsync(channel.Target.Host, channel.Target.Port, timeout.Token);
        if (Equals(_socket.LocalEndPoint, _socket.RemoteEndPoint))
        {
            // Nobody listens, and the system gave us that very port to call from: a call to ourselves, which would
            // keep the other node from binding its port when it comes back.
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        _stream = new SocketStream(_socket);
    }

    private async Task NegotiateAsync()
    {
        ApiVersionsRequest request = new() { ClientSoftwareName = "kraftsharp", ClientSoftwareVersion = "0.1.0" };
        using (EncodedFrame frame = RequestFrame.Encode(request, ApiVersionsVersion, 0, clientId))
        {
            await _stream!.SendAsync([frame[0]]);
        }

        (ReadOnlyMemory<byte> answer, IDisposable owner) = await NextFrameAsync();
        using (owner)
        {
            if (!ResponseFrame.TryDecode(
                    answer, ApiKey.ApiVersions, ApiVersionsVersion, out _, out IApiMessage? body, out _)
                || body is not ApiVersionsResponse { ErrorCode: ErrorCode.None } versions)
            {
                throw new IOException("its versions cannot be understood");
            }

            _versions = versions.ApiKeys.ToDictionary(api => api.ApiKey, api => (api.MinVersion, api.MaxVersion));
        }

        _isReady = true;
        channel.OnReady(this);
    }

    private async Task ReceiveAsync()
    {
        while (!_isDisposed)
        {
            (ReadOnlyMemory<byte> frame, IDisposable owner) = await NextFrameAsync();
            channel.OnFrame(this, frame, owner);
        }
    }

    private async ValueTask<(ReadOnlyMemory<byte> Frame, IDisposable Owner)> NextFrameAsync()
    {
        while (true)
        {
            if (_frames.TryTake(out ReadOnlyMemory<byte> frame, out IDisposable? owner))
            {
                return (frame, owner!);
            }

            if (_frames.Fault != FrameFault.None)
            {
                throw new IOException($"a frame of {_frames.FaultyLength} bytes");
            }

            ValueTask<int> receive = _stream!.ReceiveAsync(_frames.Room());
            bool wasAtOnce = receive.IsCompleted;
            int received = await receive;
            if (received == 0)
            {
                throw new IOException("closed by the other side");
            }


            _frames.Advance(received);
            if (_thread.IsToBeLeft(_frames, wasAtOnce))
            {
                await Task.Yield();
            }
        }
    }

    private void SendWaiting()
    {
        while (!_sendIsUnderWay && _waiting.Count > 0 && !_isDisposed)
        {
            _sending.AddRange(_waiting);
            _waiting.Clear();
            foreach (EncodedFrame frame in _sending)
            {
                for (int i = 0; i < frame.SegmentCount; i++)
                {
                    _segments.Add(frame[i]);
                }
            }

            ValueTask send = _stream!.SendAsync(_segments);
            if (!send.IsCompletedSuccessfully)
            {
                _sendIsUnderWay = true;
                Task task = send.AsTask();
                task.GetAwaiter().UnsafeOnCompleted(() => _sender.Post(() => OnSent(task.Exception)));
                return;
            }

            DisposeSent();
        }
    }

    private void OnSent(AggregateException? error)
    {
        _sendIsUnderWay = false;
        DisposeSent();
        if (error is not null)
        {
            channel.OnBroken(this, RpcStatus.Disconnected, error.InnerException!.Message);
            return;
        }

        SendWaiting();
    }

    private void DisposeSent()
    {
        foreach (EncodedFrame frame in _sending)
        {
            frame.Dispose();
        }

        _sending.Clear();
        _segments.Clear();
    }
}
