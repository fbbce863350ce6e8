using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Metrics;
using KRaftSharp.Broker.Config;
using KRaftSharp.Quorum.Configs;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Admin;

/// <summary>The admin HTTP endpoint of a node: its addresses from the start, a web server from the first caller on.
/// </summary>
/// <remarks>A node that nobody looks at pays neither the memory nor the start of a web server.</remarks>
internal sealed class AdminServer : IAsyncDisposable
{
    private readonly AdminOptions _options;
    private readonly AdminServices _services;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<IMetricsSource> _metrics;
    private readonly List<AdminListener> _listeners = [];
    private readonly Lazy<Task<AdminHost>> _host;
    private OtlpExport? _otlp;
    private X509Certificate2? _certificate;

    public AdminServer(AdminOptions options, AdminServices services, ILoggerFactory loggers)
    {
        _options = options;
        _services = services;
        _logger = loggers.CreateLogger("kraftsharp.admin");
        _metrics = NodeMetrics.Of(services);
        _host = new Lazy<Task<AdminHost>>(StartHostAsync);
    }

    /// <summary>The addresses that were bound.</summary>
    public IReadOnlyList<string> Addresses => [.. _listeners.Select(listener => listener.Url)];

    /// <summary>Binds the addresses.</summary>
    /// <exception cref="NodeConfigException">An address cannot be bound, or the certificate cannot be read.</exception>
    public void Start()
    {
        if (_options.Endpoints.Any(endpoint => endpoint.IsHttps))
        {
            _certificate = ReadCertificate();
        }

        foreach (AdminEndpoint endpoint in _options.Endpoints)
        {
            _listeners.Add(AdminListener.Bind(endpoint));
        }

        foreach (AdminListener listener in _listeners)
        {
            listener.Start(WakeAsync);
        }
    }

    /// <summary>Begins to send metrics to a collector, where one is configured. Once the node serves: what it has not
    /// counted yet has no name to send.</summary>
    public void StartExport()
    {
        if (_options.OtlpEndpoint is { } collector)
        {
            _otlp = new OtlpExport(_metrics, collector, _services.Node.Config.NodeId, _services.Time);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _otlp?.Dispose();
        foreach (AdminListener listener in _listeners)
        {
            await listener.DisposeAsync();
        }

        if (_host.IsValueCreated && await _host.Value.ContinueWith(ended => ended, TaskScheduler.Default) is
            { IsCompletedSuccessfully: true } started)
        {
            await started.Result.DisposeAsync();
        }

        _certificate?.Dispose();
    }

    /// <returns>False: there is no web server, the connection is to be closed.</returns>
    private async Task<bool> WakeAsync()
    {
        try
        {
            await _host.Value;
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            AdminLog.NotStarted(_logger, error);
            return false;
        }
    }

    private async Task<AdminHost> StartHostAsync()
    {
        AdminHost host = new(_options, _services, _metrics, _listeners, _certificate, _logger);
        await host.StartAsync();
        return host;
    }

    private X509Certificate2 ReadCertificate()
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(_options.CertificateFile!, _options.KeyFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NodeConfigException(
                $"Invalid value {_options.CertificateFile} for configuration {OwnConfigs.AdminCertificateFile}: "
                + error.Message,
                error);
        }
    }
}
