using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Creates, lists, describes, grows and deletes topics.</summary>
public sealed class TopicAdmin
{
    private readonly AdminCalls _calls;

    internal TopicAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>Creates a topic; returns when the controller has committed it.</summary>
    /// <exception cref="KafkaException">It exists, its name or numbers are not allowed, or nobody answered.</exception>
    public Task<CreatedTopic> CreateAsync(
        NewTopic topic, bool validateOnly = false, CancellationToken cancellation = default) =>
        CreateAsync([topic], validateOnly, cancellation).SoleAsync();

    /// <summary>Creates topics, by name.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<CreatedTopic>>> CreateAsync(
        IEnumerable<NewTopic> topics, bool validateOnly = false, CancellationToken cancellation = default)
    {
        Dictionary<string, NewTopic> wanted = topics.ToDictionary(topic => topic.Name);
        return _calls.EachAsync(
            wanted.Keys,
            new ItemCall<string, CreatedTopic, CreateTopicsResponse>(
                new AnyRoute<string>(),
                names => new CreateTopicsRequest
                {
                    TimeoutMs = _calls.TimeoutMs,
                    ValidateOnly = validateOnly,
                    Topics = [.. names.Select(name => TopicRequests.Creatable(wanted[name]))],
                },
                (answer, _) => answer.Topics.Select(topic => (topic.Name, Outcome.Of(
                    topic.ErrorCode, topic.ErrorMessage,
                    new CreatedTopic(topic.Name, topic.TopicId, topic.NumPartitions, topic.ReplicationFactor))))),
            cancellation);
    }

    /// <exception cref="KafkaException">There is no such topic, or nobody answered.</exception>
    public Task DeleteAsync(string name, CancellationToken cancellation = default) =>
        DeleteEachAsync([name], cancellation).SoleAsync();

    /// <summary>Deletes topics with all that is in them, by name.</summary>
    public Task<IReadOnlyDictionary<string, Outcome>> DeleteAsync(
        IEnumerable<string> names, CancellationToken cancellation = default) =>
        DeleteEachAsync(names, cancellation).PlainAsync();

    /// <summary>Grows a topic to so many partitions.</summary>
    /// <exception cref="KafkaException">It has as many, does not exist, or nobody answered.</exception>
    public Task CreatePartitionsAsync(string name, int count, CancellationToken cancellation = default) =>
        CreatePartitionsEachAsync([new NewPartitions(name, count)], false, cancellation).SoleAsync();

    /// <summary>Grows topics, by name.</summary>
    public Task<IReadOnlyDictionary<string, Outcome>> CreatePartitionsAsync(
        IEnumerable<NewPartitions> topics, bool validateOnly = false, CancellationToken cancellation = default) =>
        CreatePartitionsEachAsync(topics, validateOnly, cancellation).PlainAsync();

    /// <summary>All topics by name; internal ones among them only when asked for.</summary>
    public Task<IReadOnlyList<TopicView>> ListAsync(
        bool includeInternal = false, CancellationToken cancellation = default) =>
        _calls.AnyAsync<MetadataResponse, IReadOnlyList<TopicView>>(
            new MetadataRequest { Topics = null, AllowAutoTopicCreation = false },
            answer => Outcome.Of<IReadOnlyList<TopicView>>(
                answer.ErrorCode, null,
                [.. TopicRequests.View(answer).Where(topic => includeInternal || !topic.IsInternal).OrderBy(
                    topic => topic.Name, StringComparer.Ordinal)]),
            cancellation);

    /// <exception cref="KafkaException">The topic does not exist.</exception>
    public Task<TopicView> DescribeAsync(string name, CancellationToken cancellation = default) =>
        DescribeAsync([name], cancellation).SoleAsync();

    /// <summary>Topics with their partitions, by name.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<TopicView>>> DescribeAsync(
        IEnumerable<string> names, CancellationToken cancellation = default) => _calls.EachAsync(
            names,
            new ItemCall<string, TopicView, MetadataResponse>(
                new AnyRoute<string>(),
                asked => new MetadataRequest
                {
                    Topics = [.. asked.Select(name => new MetadataRequest.MetadataRequestTopic { Name = name })],
                    AllowAutoTopicCreation = false,
                },
                (answer, _) => TopicRequests.View(answer).Select(
                    topic => (topic.Name, Outcome.Of(topic.Error, null, topic))))
            {
                // A topic that was only just created may not be known to every broker yet.
                MayRepeat = (error, attempt) => AdminCalls.MayRepeat(error)
                    || (error == ErrorCode.UnknownTopicOrPartition && attempt < 3),
            },
            cancellation);

    /// <summary>Topics with what only newer brokers tell of their partitions: the eligible leaders (KIP-966).</summary>
    /// <remarks>Asked page by page (KIP-966). A broker before 3.8 does not know the call.</remarks>
    public async Task<IReadOnlyDictionary<string, Outcome<TopicDescription>>> DescribePartitionsAsync(
        IEnumerable<string> names, CancellationToken cancellation = default)
    {
        DescribeTopicPartitionsRequest request = new()
        {
            Topics = [.. names.Distinct().Order(StringComparer.Ordinal).Select(
                name => new DescribeTopicPartitionsRequest.TopicRequest { Name = name })],
        };
        Dictionary<string, Outcome<TopicDescription>> found = new(StringComparer.Ordinal);
        do
        {
            DescribeTopicPartitionsResponse page = await _calls.AnyAsync<
                DescribeTopicPartitionsResponse, DescribeTopicPartitionsResponse>(
                request, Outcome.Of, cancellation);
            TopicRequests.AddPage(found, page);
            request = TopicRequests.Next(request, page);
        }
        while (request.Cursor is not null);
        return found;
    }

    private Task<IReadOnlyDictionary<string, Outcome<bool>>> DeleteEachAsync(
        IEnumerable<string> names, CancellationToken cancellation) => _calls.EachAsync(
            names,
            new ItemCall<string, bool, DeleteTopicsResponse>(
                new AnyRoute<string>(),
                asked => new DeleteTopicsRequest
                {
                    TimeoutMs = _calls.TimeoutMs,
                    Topics = [.. asked.Select(name => new DeleteTopicsRequest.DeleteTopicState { Name = name })],
                },
                (answer, _) => answer.Responses.Select(
                    topic => (topic.Name ?? "", Items.Done(topic.ErrorCode, topic.ErrorMessage)))),
            cancellation);

    private Task<IReadOnlyDictionary<string, Outcome<bool>>> CreatePartitionsEachAsync(
        IEnumerable<NewPartitions> topics, bool validateOnly, CancellationToken cancellation)
    {
        Dictionary<string, NewPartitions> wanted = topics.ToDictionary(topic => topic.Topic);
        return _calls.EachAsync(
            wanted.Keys,
            new ItemCall<string, bool, CreatePartitionsResponse>(
                new AnyRoute<string>(),
                names => new CreatePartitionsRequest
                {
                    TimeoutMs = _calls.TimeoutMs,
                    ValidateOnly = validateOnly,
                    Topics = [.. names.Select(name => TopicRequests.Growth(wanted[name]))],
                },
                (answer, _) => answer.Results.Select(
                    topic => (topic.Name, Items.Done(topic.ErrorCode, topic.ErrorMessage)))),
            cancellation);
    }
}
