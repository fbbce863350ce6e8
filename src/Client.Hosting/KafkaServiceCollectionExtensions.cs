using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Producer;
using KRaftSharp.Client.Sharing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Client.Hosting;

/// <summary>Puts the clients into a host's services.</summary>
/// <remarks>
/// <code>
/// builder.Services.AddKafkaProducer(_ => new() { BootstrapServers = "127.0.0.1:19092" });
/// builder.Services.AddKafkaProducer("audit", _ => new() { BootstrapServers = "10.0.0.7:9092", Acks = Acks.Leader });
/// </code>
/// Each is made when it is first asked for, logs to the host, and is closed with the container. With a key:
/// <c>[FromKeyedServices("audit")]</c>.
/// </remarks>
public static class KafkaServiceCollectionExtensions
{
    /// <summary>One producer for all.</summary>
    public static IServiceCollection AddKafkaProducer(
        this IServiceCollection services, Func<IServiceProvider, ProducerOptions> options) =>
        services.AddSingleton(provider => KafkaProducer.Create(Logged(options(provider), provider)));

    /// <summary>One producer a key.</summary>
    public static IServiceCollection AddKafkaProducer(
        this IServiceCollection services, object key, Func<IServiceProvider, ProducerOptions> options) =>
        services.AddKeyedSingleton(
            key, (provider, _) => KafkaProducer.Create(Logged(options(provider), provider)));

    /// <summary>A consumer for each who asks: one may be used by one caller at a time.</summary>
    public static IServiceCollection AddKafkaConsumer(
        this IServiceCollection services, Func<IServiceProvider, ConsumerOptions> options) =>
        services.AddTransient(provider => KafkaConsumer.Create(Logged(options(provider), provider)));

    /// <summary>A consumer for each who asks by that key.</summary>
    public static IServiceCollection AddKafkaConsumer(
        this IServiceCollection services, object key, Func<IServiceProvider, ConsumerOptions> options) =>
        services.AddKeyedTransient(
            key, (provider, _) => KafkaConsumer.Create(Logged(options(provider), provider)));

    /// <summary>A member of a share group for each who asks: one may be used by one caller at a time.</summary>
    public static IServiceCollection AddKafkaShareConsumer(
        this IServiceCollection services, Func<IServiceProvider, ShareConsumerOptions> options) =>
        services.AddTransient(provider => KafkaShareConsumer.Create(Logged(options(provider), provider)));

    /// <summary>A member of a share group for each who asks by that key.</summary>
    public static IServiceCollection AddKafkaShareConsumer(
        this IServiceCollection services, object key, Func<IServiceProvider, ShareConsumerOptions> options) =>
        services.AddKeyedTransient(
            key, (provider, _) => KafkaShareConsumer.Create(Logged(options(provider), provider)));

    /// <summary>One admin client for all.</summary>
    public static IServiceCollection AddKafkaAdmin(
        this IServiceCollection services, Func<IServiceProvider, AdminOptions> options) =>
        services.AddSingleton(provider => KafkaAdmin.Create(Logged(options(provider), provider)));

    /// <summary>One admin client a key.</summary>
    public static IServiceCollection AddKafkaAdmin(
        this IServiceCollection services, object key, Func<IServiceProvider, AdminOptions> options) =>
        services.AddKeyedSingleton(key, (provider, _) => KafkaAdmin.Create(Logged(options(provider), provider)));

    private static T Logged<T>(T options, IServiceProvider provider)
        where T : ClientOptions =>
        ReferenceEquals(options.Loggers, NullLoggerFactory.Instance)
        && provider.GetService<ILoggerFactory>() is { } loggers
            ? options with { Loggers = loggers }
            : options;
}
