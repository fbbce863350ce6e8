using System.Text;

namespace KRaftSharp.Client.Security;

/// <summary>RFC 4616: one message.</summary>
internal sealed class PlainClient(string user, string password) : ISaslClient
{
    public string Mechanism => "PLAIN";

    public ValueTask<byte[]> BeginAsync(CancellationToken cancellation) =>
        new(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));

    public byte[]? Continue(ReadOnlySpan<byte> challenge) => null;
}
