using System.Security.Cryptography.X509Certificates;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Live;
using KRaftSharp.Broker.Admin.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Broker.Admin;

/// <summary>Kestrel and the routes, behind the listeners of <see cref="AdminServer"/>.</summary>
internal sealed class AdminHost : IAsyncDisposable
{
    private const int MaxConnections = 512;

    private readonly WebApplication _app;
    private readonly EventHub _hub;

    public AdminHost(
        AdminOptions options, AdminServices services, IReadOnlyList<IMetricsSource> metrics,
        IReadOnlyList<AdminListener> listeners, X509Certificate2? certificate, ILogger logger)
    {
        AdminDispatcher dispatcher = new(options, logger);
        _hub = new EventHub(services);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(new QuietLoggers() as ILoggerFactory);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            // Streams of records may be longer than any one body: each route bounds what it reads.
            kestrel.Limits.MaxRequestBodySize = null;
            foreach (AdminListener listener in listeners)
            {
                kestrel.Listen(listener.LocalEndPoint, listen =>
                {
                    if (listener.IsHttps)
                    {
                        listen.UseHttps(https => ConfigureHttps(https, options, certificate!));
                    }
                });
            }
        });
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Services.AddSingleton<IConnectionListenerFactory>(new AdminTransport(listeners));
        _app = builder.Build();
        _app.UseRouting();
        foreach (AdminRoute route in AdminRoutes.Of(services, _hub, metrics))
        {
            _app.MapMethods(route.Path, [route.Method], dispatcher.For(route));
        }

        _app.MapFallback(AdminDispatcher.NotFoundAsync);
    }

    public Task StartAsync() => _app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private static void ConfigureHttps(
        HttpsConnectionAdapterOptions https, AdminOptions options, X509Certificate2 certificate)
    {
        https.ServerCertificate = certificate;
        if (options.ClientCaFile is not { } file)
        {
            return;
        }

        CertificateAuthority authority = CertificateAuthority.Read(file);
        https.ClientCertificateMode = options.Tokens.Count > 0
            ? ClientCertificateMode.AllowCertificate
            : ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (shown, _, _) => authority.HasSigned(shown);
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
