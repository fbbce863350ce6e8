using System.Collections.Immutable;
using System.Text.RegularExpressions;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>What subscriptions come to with the topics that there are.</summary>
internal static class TopicSubscriptions
{
    /// <summary>Null when the text is a regular expression of RE2; otherwise why not.</summary>
    public static string? WhyInvalid(string regex)
    {
        if (Re2Syntax.Translate(regex, out string? error) is not { } translated)
        {
            return error;
        }

        try
        {
            _ = Compile(translated);
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return fault.Message;
        }
    }

    public static ImmutableSortedSet<string> Match(string regex, TopicsImage topics)
    {
        if (Re2Syntax.Translate(regex, out _) is not { } translated)
        {
            return ImmutableSortedSet<string>.Empty; // written by another version
        }

        Regex compiled = Compile(translated);
        return topics.ByName.Keys.Where(name => compiled.IsMatch(name)).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    /// <summary>The topics of a member that exist, in the order of their ids.</summary>
    public static IReadOnlyList<Uuid> Of(ConsumerMember member, ConsumerGroup group, TopicsImage topics)
    {
        SortedSet<Uuid> ids = [];
        foreach (string name in member.Topics.Union(group.Regexes.GetValueOrDefault(member.Regex) ?? []))
        {
            if (topics.TryGet(name, out TopicImage? topic))
            {
                ids.Add(topic.Id);
            }
        }

        return [.. ids];
    }

    /// <summary>All topics that the group's assignment depends on, some of them again and again.</summary>
    public static IEnumerable<string> NamesOf(ConsumerGroup group) =>
        group.Members.Values.SelectMany(member => member.Topics)
            .Concat(group.Regexes.Values.SelectMany(topics => topics));

    /// <summary>The whole name must match, in time that is linear in its length.</summary>
    private static Regex Compile(string regex) =>
        new($"^(?:{regex})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
