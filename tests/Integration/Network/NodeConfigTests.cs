using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Integration.Network;

/// <summary>Configs and log levels of the node itself, as a broker and as a controller are asked for them.</summary>
public sealed class NodeConfigTests(NodeConfigTests.Server server) : IClassFixture<NodeConfigTests.Server>
{
    private const sbyte Topic = 2;
    private const sbyte Broker = 4;
    private const sbyte Logger = 8;
    private const sbyte Set = 0;
    private const sbyte Delete = 1;
    private const sbyte Append = 2;

    public sealed class Server : IAsyncLifetime
    {
        public TestServer Node { get; private set; } = null!;

        public async Task InitializeAsync() => Node = await TestServer.StartAsync();

        public async Task DisposeAsync() => await Node.DisposeAsync();
    }

    [Theory]
    [InlineData("root", Set, "INFO", ErrorCode.None)]
    [InlineData("root", Set, "info", ErrorCode.InvalidConfig)]
    [InlineData("root", Set, null, ErrorCode.InvalidRequest)]
    [InlineData("root", Delete, null, ErrorCode.InvalidRequest)]
    [InlineData("root", Append, "INFO", ErrorCode.InvalidRequest)]
    [InlineData("root", (sbyte)7, "INFO", ErrorCode.InvalidRequest)]
    [InlineData("no.such", Set, "INFO", ErrorCode.InvalidConfig)]
    public async Task LogLevel_IsSetByBrokerAndController_AsKafkaDoes(
        string name, sbyte operation, string? value, ErrorCode expected)
    {
        foreach (int port in new[] { server.Node.ClientPort, server.Node.ControllerPort })
        {
            using RawConnection connection = await RawConnection.OpenAsync(port);
            var answer = await connection.AskAsync<IncrementalAlterConfigsResponse>(
                Alter((Logger, "1", [(name, operation, value)])), 1);
            Assert.Equal(expected, Assert.Single(answer.Responses).ErrorCode);
            var described = await connection.AskAsync<DescribeConfigsResponse>(
                new DescribeConfigsRequest
                {
                    Resources = { new() { ResourceType = Logger, ResourceName = "1", ConfigurationKeys = ["root"] } },
                },
                4);
            var root = Assert.Single(Assert.Single(described.Results).Configs);
            Assert.Equal(("root", "INFO", 6), (root.Name, root.Value, root.ConfigSource));
        }
    }

    [Theory]
    [InlineData(Logger, "2", "root", "INFO", ErrorCode.InvalidRequest)]
    [InlineData(Logger, "", "root", "INFO", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "2", "log.cleaner.threads", "1", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "x", "log.cleaner.threads", "1", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "1", "log.cleaner.threads", "9", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "1", "log.cleaner.threads", "x", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "1", "broker.id", "2", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "1", "listeners", "nonsense", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "", "listeners", "PLAINTEXT://:1", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "", "log.cleaner.backoff.ms", "20000", ErrorCode.None)]
    [InlineData((sbyte)99, "x", "y", "z", ErrorCode.InvalidRequest)]
    public async Task NodeResource_IsCheckedByTheBroker(
        sbyte type, string resource, string name, string value, ErrorCode expected)
    {
        using RawConnection connection = await RawConnection.OpenAsync(server.Node.ClientPort);
        var answer = await connection.AskAsync<IncrementalAlterConfigsResponse>(
            Alter((type, resource, [(name, Set, value)])), 1);
        Assert.Equal(expected, Assert.Single(answer.Responses).ErrorCode);
        if (type == Broker)
        {
            var legacy = await connection.AskAsync<AlterConfigsResponse>(
                new AlterConfigsRequest
                {
                    Resources =
                    {
                        new()
                        {
                            ResourceType = type, ResourceName = resource,
                            Configs = { new() { Name = name, Value = value } },
                        },
                    },
                },
                2);
            Assert.Equal(expected, Assert.Single(legacy.Responses).ErrorCode);
        }
    }

    [Fact]
    public async Task SeveralResources_AreAnsweredInTheirOrder_EachForItself()
    {
        using RawConnection connection = await RawConnection.OpenAsync(server.Node.ClientPort);
        var answer = await connection.AskAsync<IncrementalAlterConfigsResponse>(
            Alter(
                (Logger, "1", [("root", Set, "INFO")]),
                (Topic, "nowhere", [("retention.ms", Set, "1")]),
                (Broker, "7", [("log.cleaner.threads", Set, "1")]),
                (Broker, "1", [("log.cleaner.threads", Set, "1"), ("log.cleaner.threads", Delete, null)])),
            1);
        Assert.Equal(
            [
                (Logger, "1", ErrorCode.None), (Topic, "nowhere", ErrorCode.UnknownTopicOrPartition),
                (Broker, "7", ErrorCode.InvalidRequest), (Broker, "1", ErrorCode.InvalidRequest),
            ],
            answer.Responses.Select(part => (part.ResourceType, part.ResourceName, part.ErrorCode)));
    }

    private static IncrementalAlterConfigsRequest Alter(
        params (sbyte Type, string Name, (string Name, sbyte Operation, string? Value)[] Changes)[] resources)
    {
        IncrementalAlterConfigsRequest request = new();
        foreach ((sbyte type, string name, (string Name, sbyte Operation, string? Value)[] changes) in resources)
        {
            IncrementalAlterConfigsRequest.AlterConfigsResource resource =
                new() { ResourceType = type, ResourceName = name };
            foreach ((string key, sbyte operation, string? value) in changes)
            {
                resource.Configs.Add(new() { Name = key, ConfigOperation = operation, Value = value });
            }

            request.Resources.Add(resource);
        }

        return request;
    }
}
