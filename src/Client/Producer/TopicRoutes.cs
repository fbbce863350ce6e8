using System.Collections.Concurrent;
using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Client.Producer;

/// <summary>The routes of the topics that are written to. Any thread.</summary>
internal sealed class TopicRoutes(ProducerOptions options, Chance chance, Accumulator accumulator)
{
    private readonly ConcurrentDictionary<string, TopicRoute> _routes = new(StringComparer.Ordinal);
    private TopicRoute? _last;

    /// <summary>The route by this view; null when the view knows nothing usable of the topic.</summary>
    public TopicRoute? Find(string topic, ClusterView view)
    {
        TopicRoute? route = Volatile.Read(ref _last);
        if (route is not null && ReferenceEquals(route.Cluster, view) && route.Topic.Name == topic)
        {
            return route;
        }

        if (!view.Topics.TryGetValue(topic, out TopicView? known) || known.Partitions.Count == 0)
        {
            return null;
        }

        route = RouteOf(known, view);
        Volatile.Write(ref _last, route);
        return route;
    }

    private TopicRoute RouteOf(TopicView topic, ClusterView view)
    {
        TopicRoute? before = _routes.GetValueOrDefault(topic.Name);
        if (before is not null && ReferenceEquals(before.Cluster, view))
        {
            return before;
        }

        StickyChoice sticky = before?.Sticky ?? new StickyChoice(chance, Math.Max(options.BatchSize, 1));
        return _routes[topic.Name] = new TopicRoute(view, topic, sticky, accumulator);
    }
}
