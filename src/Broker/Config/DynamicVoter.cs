using System.Globalization;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Config;

/// <summary>One of <c>storage format --initial-controllers</c>: a voter of the first voter set (KIP-853).</summary>
/// <param name="DirectoryId">That of its metadata directory.</param>
public sealed record DynamicVoter(int Id, string Host, int Port, Uuid DirectoryId)
{
    /// <summary>Reads a list of <c>id@host:port:directory</c>; a host in brackets may hold colons.</summary>
    /// <exception cref="NodeConfigException">It is no such list, or names an id twice.</exception>
    public static IReadOnlyList<DynamicVoter> ParseList(string text)
    {
        List<DynamicVoter> voters = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            DynamicVoter voter = Parse(part);
            Require(voters.TrueForAll(other => other.Id != voter.Id),
                $"Node id {voter.Id} was specified more than once.");
            voters.Add(voter);
        }

        Require(voters.Count > 0, "No voters given.");
        return voters;
    }

    private static DynamicVoter Parse(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        Require(at >= 0, "No @ found in dynamic voter string.");
        Require(at > 0, "Invalid @ at beginning of dynamic voter string.");
        Require(int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out int id),
            "Failed to parse node id in dynamic voter string.");
        string rest = text[(at + 1)..];
        Require(rest.Length > 0, "No hostname found after node id.");
        string host;
        if (rest[0] == '[')
        {
            int end = rest.IndexOf(']', StringComparison.Ordinal);
            Require(end > 0, "Hostname began with left bracket, but no right bracket was found.");
            host = rest[1..end];
            rest = rest[(end + 1)..];
        }
        else
        {
            int end = rest.IndexOf(':', StringComparison.Ordinal);
            Require(end >= 0, "No colon following hostname could be found.");
            host = rest[..end];
            rest = rest[end..];
        }

        Require(rest.StartsWith(':'), "Port section must start with a colon.");
        int colon = rest.IndexOf(':', 1);
        Require(colon > 0, "No colon following port could be found.");
        Require(ushort.TryParse(rest.AsSpan(1, colon - 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out ushort port), "Failed to parse port in dynamic voter string.");
        Require(Uuid.TryParse(rest[(colon + 1)..], out Uuid directoryId) && !directoryId.IsZero,
            "Failed to parse directory ID in dynamic voter string.");
        return new DynamicVoter(id, host, port, directoryId);
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new NodeConfigException(message);
        }
    }
}
