using KRaftSharp.Log.Assertions;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>
/// What all members of a group can do. Kept from join to join: in a large group it is asked at each of them, and rarely
/// changes.
/// </summary>
internal sealed class CommonProtocols
{
    private HashSet<string>? _names;

    /// <summary>Whether all members can do one of these.</summary>
    public bool Include(IList<ClassicMember> members, IReadOnlyList<ClassicProtocol> offered) =>
        offered.Any(protocol => Names(members).Contains(protocol.Name));

    /// <summary>What most members like best among what all can do; of equals, what the first member likes best.
    /// </summary>
    public string Select(IList<ClassicMember> members)
    {
        HashSet<string> names = Names(members);
        Invariant.Require(names.Count > 0, "members of a group share a protocol");
        return NamesOf(members[0].Protocols).Where(names.Contains).MaxBy(name => members.Count(
            member => member.Protocols.First(protocol => names.Contains(protocol.Name)).Name == name))!;
    }

    /// <summary>One more member.</summary>
    public void Add(ClassicMember member) => _names?.IntersectWith(NamesOf(member.Protocols));

    /// <summary>A member offers these from now on.</summary>
    public void Offer(ClassicMember member, IReadOnlyList<ClassicProtocol> protocols)
    {
        if (!NamesOf(protocols).SequenceEqual(NamesOf(member.Protocols), StringComparer.Ordinal))
        {
            Forget();
        }

        member.Protocols = protocols;
    }

    /// <summary>A member has gone: there may be more now.</summary>
    public void Forget() => _names = null;

    private HashSet<string> Names(IList<ClassicMember> members)
    {
        if (_names is null)
        {
            _names = new(NamesOf(members[0].Protocols), StringComparer.Ordinal);
            foreach (ClassicMember member in members)
            {
                _names.IntersectWith(NamesOf(member.Protocols));
            }
        }

        return _names;
    }

    private static IEnumerable<string> NamesOf(IReadOnlyList<ClassicProtocol> protocols) =>
        protocols.Select(static protocol => protocol.Name);
}
