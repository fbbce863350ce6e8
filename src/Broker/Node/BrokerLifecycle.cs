using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Node;

/// <summary>
/// The broker's side of its registration (KIP-631): registers, sends heartbeats, asks to be unfenced once it has read
/// the metadata up to its own registration, and leaves in order.
/// </summary>
/// <remarks>One strand. Heartbeats go out every interval, and at once on each change that the controller waits for.
/// </remarks>
internal sealed class BrokerLifecycle : IMetadataSubscriber, IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    private readonly NodeConfig _config;
    private readonly BrokerIdentity _identity;
    private readonly ControllerChannel _controller;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Strand _strand;
    private readonly ITimer _timer;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _timeout;
    private readonly TaskCompletionSource _caughtUp = new();
    private readonly TaskCompletionSource _unfenced = new();
    private readonly TaskCompletionSource _shutDown = new();
    private Phase _phase = Phase.Unregistered;
    private long _epoch = -1;
    private long _metadataOffset = -1;
    private long _previousEpoch;
    private int _offlineSent;
    private bool _isUnderWay;
    private bool _again;
    private bool _isDisposed;
    private volatile bool _isHeld;

    public BrokerLifecycle(
        NodeConfig config, BrokerIdentity identity, ControllerChannel controller, TimeProvider time, ILogger logger,
        Action<Exception> fault)
    {
        _config = config;
        _identity = identity;
        _controller = controller;
        _time = time;
        _logger = logger;
        _previousEpoch = identity.PreviousEpoch;
        _strand = new Strand { Faulted = fault };
        _interval = TimeSpan.FromMilliseconds(config.GetInt("broker.heartbeat.interval.ms"));
        _timeout = TimeSpan.FromMilliseconds(config.GetInt("broker.session.timeout.ms"));
        _timer = time.CreateTimer(
            static lifecycle => ((BrokerLifecycle)lifecycle!).OnTimer(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    private enum Phase
    {
        Unregistered,
        CatchingUp,
        Running,
        ShuttingDown,
        Ended,
    }

    /// <summary>The epoch of the registration; -1 before. Any thread.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Completes when the metadata shows this broker's registration.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>Completes when the metadata shows this broker unfenced.</summary>
    public Task Unfenced => _unfenced.Task;

    /// <summary>Whether an operator keeps the broker fenced. Any thread.</summary>
    public bool IsHeld => _isHeld;

    public void Start() => _strand.Post(Communicate);

    /// <summary>Keeps the broker fenced, though it lives, or lets it serve again; until this process ends.</summary>
    public void Hold(bool isHeld) => _strand.Post(() =>
    {
        _isHeld = isHeld;
        Communicate();
    });

    /// <summary>Another controller may be active: it shall hear of this broker at once.</summary>
    public void ControllerChanged() => _strand.Post(Communicate);

    /// <summary>A log directory has failed or was cordoned: the controller shall hear of it at once.</summary>
    public void DirectoriesChanged() => ControllerChanged();

    /// <summary>Hands leadership over; completes when the controller lets the broker go.</summary>
    public Task ShutDownAsync()
    {
        _strand.Post(() =>
        {
            if (_phase is Phase.CatchingUp or Phase.Running)
            {
                _phase = Phase.ShuttingDown;
                Communicate();
            }
            else
            {
                End();
            }
        });
        return _shutDown.Task;
    }

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image) =>
        _strand.Post(() => OnImage(image));

    public void Dispose() => _strand.Post(() =>
    {
        _isDisposed = true;
        _timer.Dispose();
        End();
    });

    private void OnImage(MetadataImage image)
    {
        _metadataOffset = image.Provenance.EndOffset - 1;
        BrokerRegistration? self = image.Cluster.Broker(_config.NodeId);
        bool isRegistered = self?.Epoch == _epoch && _epoch >= 0;
        if (_phase == Phase.CatchingUp && isRegistered)
        {
            _caughtUp.TrySetResult();
            if (!self!.IsFenced)
            {
                _phase = Phase.Running;
                BrokerLog.Unfenced(_logger, _config.NodeId, _epoch);
                _unfenced.TrySetResult();
            }
            else if (!_isHeld)
            {
                Communicate();
            }
        }
        else if (_phase == Phase.Running && isRegistered && self!.IsFenced)
        {
            // Fenced by mistake, after a silence or by an operator: ask to come back, unless it was he.
            BrokerLog.Fenced(_logger, _config.NodeId, _epoch);
            _phase = Phase.CatchingUp;
            Communicate();
        }
        else if (_phase == Phase.ShuttingDown)
        {
            Communicate();
        }
    }

    private void Communicate()
    {
        if (_isDisposed || _phase == Phase.Ended)
        {
            return;
        }

        if (_isUnderWay)
        {
            _again = true;
            return;
        }

        _isUnderWay = true;
        if (_phase == Phase.Unregistered)
        {
            _controller.Send(Registration(), BrokerRegistrationRequest.HighestVersion, _timeout,
                reply => _strand.Post(() => OnRegistered(reply)));
        }
        else
        {
            _controller.Send(Heartbeat(), BrokerHeartbeatRequest.HighestVersion, _timeout,
                reply => _strand.Post(() => OnHeartbeat(reply)));
        }
    }

    private BrokerRegistrationRequest Registration()
    {
        BrokerRegistrationRequest request = new()
        {
            BrokerId = _config.NodeId,
            ClusterId = _identity.ClusterId,
            IncarnationId = _identity.IncarnationId,
            Rack = _config.Rack,
            LogDirs = [.. _identity.Directories.Online],
            PreviousBrokerEpoch = _previousEpoch,
        };
        foreach (ListenerAddress listener in _config.AdvertisedListeners)
        {
            if (!_config.IsControllerListener(listener.Name))
            {
                request.Listeners.Add(new BrokerRegistrationRequest.Listener
                {
                    Name = listener.Name,
                    Host = listener.Host,
                    Port = (ushort)listener.Port,
                });
            }
        }

        foreach (FeatureDefinition feature in KnownFeatures.All)
        {
            request.Features.Add(new BrokerRegistrationRequest.Feature
            {
                Name = feature.Name,
                MinSupportedVersion = feature.Supported.Min,
                MaxSupportedVersion = feature.Supported.Max,
            });
        }

        return request;
    }

    private BrokerHeartbeatRequest Heartbeat()
    {
        BrokerHeartbeatRequest request = new()
        {
            BrokerId = _config.NodeId,
            BrokerEpoch = _epoch,
            CurrentMetadataOffset = _metadataOffset,
            WantFence = _phase switch
            {
                Phase.CatchingUp => _isHeld || _metadataOffset < _epoch,
                Phase.Running => _isHeld,
                _ => false,
            },
            WantShutDown = _phase == Phase.ShuttingDown,
            OfflineLogDirs = [.. _identity.Directories.Offline],
            CordonedLogDirs = _identity.Directories.CordonedIds is { } cordoned ? [.. cordoned] : null,
        };
        _offlineSent = request.OfflineLogDirs.Count;
        return request;
    }

    private void OnRegistered(RpcReply reply)
    {
        using (reply)
        {
            _isUnderWay = false;
            ErrorCode error = (reply.Response as BrokerRegistrationResponse)?.ErrorCode ?? ErrorCode.None;
            if (reply.Response is BrokerRegistrationResponse { ErrorCode: ErrorCode.None } response)
            {
                Volatile.Write(ref _epoch, response.BrokerEpoch);
                _phase = Phase.CatchingUp;
                BrokerLog.Registered(_logger, _config.NodeId, response.BrokerEpoch);
                Communicate();
                return;
            }

            BrokerLog.RegistrationFailed(_logger, _config.NodeId, reply.Status, error);
            _timer.Change(Retry, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnHeartbeat(RpcReply reply)
    {
        using (reply)
        {
            _isUnderWay = false;
            TimeSpan next = _interval;
            switch (reply.Response as BrokerHeartbeatResponse)
            {
                case { ErrorCode: ErrorCode.None } response:
                    _identity.Directories.Reported(_offlineSent);
                    if (response.ShouldShutDown && _phase == Phase.ShuttingDown)
                    {
                        End();
                        return;
                    }

                    next = _phase is Phase.Running || _isHeld ? _interval : Retry;
                    break;
                case { ErrorCode: ErrorCode.StaleBrokerEpoch or ErrorCode.BrokerIdNotRegistered } when
                    _phase != Phase.ShuttingDown:
                    BrokerLog.RegistrationLost(_logger, _config.NodeId, _epoch);
                    Volatile.Write(ref _epoch, -1);
                    _previousEpoch = -1;
                    _phase = Phase.Unregistered;
                    _again = true;
                    break;
                case { } response:
                    BrokerLog.HeartbeatFailed(_logger, _config.NodeId, response.ErrorCode);
                    next = Retry;
                    break;
                case null:
                    next = Retry;
                    break;
            }

            if (_again)
            {
                _again = false;
                Communicate();
            }
            else if (!_isDisposed)
            {
                _timer.Change(next, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void OnTimer() => _strand.Post(Communicate);

    private void End()
    {
        _phase = Phase.Ended;
        _shutDown.TrySetResult();
        _unfenced.TrySetCanceled();
    }
}
