using System.Security.Cryptography.X509Certificates;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Live;
using KRaftSharp.Broker.Admin.Metrics;
using KRaftSharp.Broker.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Broker.Admin;

/// <summary>The admin HTTP endpoint of a node: Kestrel and the routes.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private const int MaxConnections = 512;

    private readonly WebApplication _app;
    private readonly EventHub _hub;
    private readonly OtlpExport? _otlp;
    private readonly bool _isSilent;

    public AdminServer(AdminOptions options, AdminServices services, ILoggerFactory loggers)
    {
        AdminDispatcher dispatcher = new(options, loggers.CreateLogger("kraftsharp.admin"));
        _hub = new EventHub(services);
        // Without an address Kestrel would choose one of its own.
        _isSilent = options.Endpoints.Count == 0;
        IReadOnlyList<IMetricsSource> metrics = NodeMetrics.Of(services);
        if (options.OtlpEndpoint is { } collector)
        {
            _otlp = new OtlpExport(metrics, collector, services.Node.Config.NodeId, services.Time);
        }

        Routes = AdminRoutes.Of(services, _hub, metrics);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(new QuietLoggers() as ILoggerFactory);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        if (options.Endpoints.Any(endpoint => endpoint.IsHttps))
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        _app = builder.Build();
        _app.UseRouting();
        foreach (AdminRoute route in Routes)
        {
            _app.MapMethods(route.Path, [route.Method], dispatcher.For(route));
        }

        _app.MapFallback(AdminDispatcher.NotFoundAsync);
    }

    /// <summary>Everything that is served.</summary>
    public IReadOnlyList<AdminRoute> Routes { get; }

    /// <summary>The addresses that were bound.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Urls];

    /// <exception cref="NodeConfigException">An address cannot be bound.</exception>
    public async Task StartAsync()
    {
        if (_isSilent)
        {
            return;
        }

        try
        {
            await _app.StartAsync();
        }
        catch (IOException error)
        {
            throw new NodeConfigException(
                $"Invalid value for configuration {Quorum.Configs.OwnConfigs.AdminListeners}: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _otlp?.Dispose();
        await _hub.DisposeAsync();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions kestrel, AdminOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        // Streams of records may be longer than any one body: each route bounds what it reads.
        kestrel.Limits.MaxRequestBodySize = null;
        foreach (AdminEndpoint endpoint in options.Endpoints)
        {
            kestrel.Listen(endpoint.Address, endpoint.Port, listen =>
            {
                if (endpoint.IsHttps)
                {
                    listen.UseHttps(https => ConfigureHttps(https, options));
                }
            });
        }
    }

    private static void ConfigureHttps(HttpsConnectionAdapterOptions https, AdminOptions options)
    {
        https.ServerCertificate = X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile);
        if (options.ClientCaFile is not { } authority)
        {
            return;
        }

        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(authority);
        https.ClientCertificateMode = options.Tokens.Count > 0
            ? ClientCertificateMode.AllowCertificate
            : ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) =>
        {
            using X509Chain chain = new();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(certificate);
        };
    }

    /// <summary>The node has its own log; Kestrel's life in it is of no use to an operator.</summary>
    private sealed class QuietLoggers : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => NullLogger.Instance;

        public void Dispose()
        {
        }
    }
}
