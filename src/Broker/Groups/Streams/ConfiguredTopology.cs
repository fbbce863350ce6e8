using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>What a topology comes to with the topics that there are.</summary>
/// <param name="Subtopologies">In the order of their ids; null while the numbers of partitions cannot be told.</param>
/// <param name="MissingTopics">Internal topics that are to be created.</param>
/// <param name="Problem">Null when tasks can be assigned.</param>
internal sealed record ConfiguredTopology(
    int Epoch, IReadOnlyList<ConfiguredSubtopology>? Subtopologies,
    IReadOnlyList<CreateTopicsRequest.CreatableTopic> MissingTopics, TopologyProblem? Problem)
{
    public bool IsReady => Problem is null;

    public ConfiguredSubtopology? Find(string subtopologyId) =>
        Subtopologies?.FirstOrDefault(subtopology => subtopology.Id == subtopologyId);
}
