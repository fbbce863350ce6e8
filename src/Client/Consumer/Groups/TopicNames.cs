using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>What a coordinator has assigned by topic ids, until their names are known.</summary>
/// <param name="backoffMs">From how often the names were asked for in vain.</param>
internal sealed class TopicNames(Func<int, long> backoffMs)
{
    private readonly Dictionary<Uuid, string> _names = [];
    private IReadOnlyList<(Uuid Topic, int Partition)>? _target;
    private long _resolveAtMs;
    private int _failures;

    /// <summary>The ids of topics that are known by name.</summary>
    public Dictionary<string, Uuid> Ids
    {
        get
        {
            Dictionary<string, Uuid> ids = [];
            foreach ((Uuid id, string name) in _names)
            {
                ids[name] = id;
            }

            return ids;
        }
    }

    public void Aim(IEnumerable<(Uuid Topic, int Partition)> target)
    {
        _target = [.. target.Distinct()];
        _resolveAtMs = 0;
    }

    public void Forget() => _target = null;

    /// <summary>What was assigned, once all its topics are known by name; handed out once.</summary>
    public IReadOnlyList<TopicPartition>? TakeResolved()
    {
        if (_target is null || !_target.All(entry => _names.ContainsKey(entry.Topic)))
        {
            return null;
        }

        TopicPartition[] named =
            [.. _target.Select(entry => new TopicPartition(_names[entry.Topic], entry.Partition))];
        _target = null;
        return named;
    }

    /// <summary>Asks for the names that are not known, if it is time to.</summary>
    public GroupAction.Resolve? Next(long nowMs, ref long nextMs)
    {
        Uuid[] unknown =
            [.. (_target ?? []).Select(entry => entry.Topic).Distinct().Where(id => !_names.ContainsKey(id))];
        if (unknown.Length > 0 && nowMs >= _resolveAtMs)
        {
            return new GroupAction.Resolve(unknown);
        }

        nextMs = unknown.Length > 0 ? Math.Min(nextMs, _resolveAtMs) : nextMs;
        return null;
    }

    /// <summary>The view may know more names now; without success it is asked again after a while.</summary>
    public void OnResolved(ClusterView view, bool isComplete, long nowMs)
    {
        foreach (TopicView topic in view.Topics.Values.Where(topic => !topic.Id.IsZero))
        {
            _names[topic.Id] = topic.Name;
        }

        _failures = isComplete ? 0 : _failures + 1;
        _resolveAtMs = isComplete ? 0 : nowMs + backoffMs(_failures);
    }
}
