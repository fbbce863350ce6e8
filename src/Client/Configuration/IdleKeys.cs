namespace KRaftSharp.Client.Configuration;

/// <summary>The keys of Kafka 4.4's clients that have no effect here: they are checked, and the log says why.</summary>
internal static class IdleKeys
{
    private const string JavaClass = "Java classes cannot be loaded";
    private const string InCode = "it is given in code";
    private const string Meters = "metrics go to System.Diagnostics.Metrics";
    private const string AllAddresses = "every address of a name is tried, at each connection";
    private const string Rebootstraps = "the bootstrap servers are always asked when no known broker answers";
    private const string Platform = "the platform's TLS decides";
    private const string NoKerberos = "GSSAPI is not there";
    private const string TokenInCode = "tokens come from SaslOptions.TokenProvider";

    /// <summary>Those of every client.</summary>
    public static IReadOnlyList<IdleKey> Common { get; } =
    [
        new("bootstrap.resolve.timeout.ms", IdleKeyKind.Long, AllAddresses),
        new("client.dns.lookup", IdleKeyKind.Text, AllAddresses),
        new("config.providers", IdleKeyKind.Text, JavaClass),
        new("connections.max.idle.ms", IdleKeyKind.Long, "connections are kept until the broker closes them"),
        new("enable.metrics.push", IdleKeyKind.Bool, Meters),
        new("interceptor.classes", IdleKeyKind.Text, InCode),
        new("metadata.cluster.check.enable", IdleKeyKind.Bool, "the cluster's id is not checked"),
        new("metadata.recovery.rebootstrap.trigger.ms", IdleKeyKind.Long, Rebootstraps),
        new("metadata.recovery.strategy", IdleKeyKind.Text, Rebootstraps),
        new("metric.reporters", IdleKeyKind.Text, Meters),
        new("metrics.num.samples", IdleKeyKind.Int, Meters),
        new("metrics.recording.level", IdleKeyKind.Text, Meters),
        new("metrics.sample.window.ms", IdleKeyKind.Long, Meters),
        new("sasl.client.callback.handler.class", IdleKeyKind.Text, JavaClass),
        new("sasl.kerberos.kinit.cmd", IdleKeyKind.Text, NoKerberos),
        new("sasl.kerberos.min.time.before.relogin", IdleKeyKind.Long, NoKerberos),
        new("sasl.kerberos.service.name", IdleKeyKind.Text, NoKerberos),
        new("sasl.kerberos.ticket.renew.jitter", IdleKeyKind.Double, NoKerberos),
        new("sasl.kerberos.ticket.renew.window.factor", IdleKeyKind.Double, NoKerberos),
        new("sasl.login.callback.handler.class", IdleKeyKind.Text, JavaClass),
        new("sasl.login.class", IdleKeyKind.Text, JavaClass),
        new("sasl.login.connect.timeout.ms", IdleKeyKind.Int, TokenInCode),
        new("sasl.login.read.timeout.ms", IdleKeyKind.Int, TokenInCode),
        new("sasl.login.refresh.buffer.seconds", IdleKeyKind.Int, TokenInCode),
        new("sasl.login.refresh.min.period.seconds", IdleKeyKind.Int, TokenInCode),
        new("sasl.login.refresh.window.factor", IdleKeyKind.Double, TokenInCode),
        new("sasl.login.refresh.window.jitter", IdleKeyKind.Double, TokenInCode),
        new("sasl.login.retry.backoff.max.ms", IdleKeyKind.Long, TokenInCode),
        new("sasl.login.retry.backoff.ms", IdleKeyKind.Long, TokenInCode),
        new("security.providers", IdleKeyKind.Text, JavaClass),
        new("ssl.cipher.suites", IdleKeyKind.Text, Platform),
        new("ssl.engine.factory.class", IdleKeyKind.Text, JavaClass),
        new("ssl.keymanager.algorithm", IdleKeyKind.Text, Platform),
        new("ssl.protocol", IdleKeyKind.Text, Platform),
        new("ssl.provider", IdleKeyKind.Text, Platform),
        new("ssl.secure.random.implementation", IdleKeyKind.Text, Platform),
        new("ssl.trustmanager.algorithm", IdleKeyKind.Text, Platform),
    ];

    public static IReadOnlyList<IdleKey> Producer { get; } =
    [
        new("client.rack", IdleKeyKind.Text, "only consumers read from the nearest replica"),
        new("key.serializer", IdleKeyKind.Text, InCode),
        new("value.serializer", IdleKeyKind.Text, InCode),
        new("metadata.max.idle.ms", IdleKeyKind.Long, "topics that were written to are kept"),
        new("partitioner.class", IdleKeyKind.Text, InCode),
        new("partitioner.adaptive.partitioning.enable", IdleKeyKind.Bool, "shorter queues are always preferred"),
        new("partitioner.availability.timeout.ms", IdleKeyKind.Long, "partitions without a leader are passed over"),
        new("partitioner.rack.aware", IdleKeyKind.Bool, "racks are not looked at"),
        new("transaction.two.phase.commit.enable", IdleKeyKind.Bool, "two-phase commit (KIP-939) is not there"),
    ];

    public static IReadOnlyList<IdleKey> Consumer { get; } =
    [
        new("allow.auto.create.topics", IdleKeyKind.Bool, "topics are never created by reading"),
        new("exclude.internal.topics", IdleKeyKind.Bool, "patterns never match internal topics"),
        new("key.deserializer", IdleKeyKind.Text, InCode),
        new("value.deserializer", IdleKeyKind.Text, InCode),
        new("share.acquire.mode", IdleKeyKind.Text, "it is for share groups"),
    ];

    public static IReadOnlyList<IdleKey> ShareConsumer { get; } =
    [
        new("allow.auto.create.topics", IdleKeyKind.Bool, "topics are never created by reading"),
        new("auto.commit.interval.ms", IdleKeyKind.Int, "share groups commit no offsets"),
        new("exclude.internal.topics", IdleKeyKind.Bool, "share groups subscribe by name"),
        new("key.deserializer", IdleKeyKind.Text, InCode),
        new("value.deserializer", IdleKeyKind.Text, InCode),
        new("max.partition.fetch.bytes", IdleKeyKind.Int, "fetch.max.bytes bounds an answer"),
    ];

    public static IReadOnlyList<IdleKey> Admin { get; } =
    [
        new("bootstrap.controllers", IdleKeyKind.Text, "brokers are asked, which forward"),
        new("retries", IdleKeyKind.Int, "calls are repeated until default.api.timeout.ms"),
    ];

    /// <summary>Keys that begin so belong to OAuth flows that are not here.</summary>
    public const string OAuthPrefix = "sasl.oauthbearer.";

    /// <summary>What is said of them.</summary>
    public const string OAuthReason = TokenInCode;
}
