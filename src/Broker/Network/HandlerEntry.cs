using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>One served API.</summary>
/// <param name="Lowest">The lowest version that is served and advertised.</param>
/// <param name="Highest">The highest version that is served and advertised.</param>
/// <param name="MayOverlap">
/// Whether a request may start while earlier ones of this kind on its connection still wait.
/// </param>
public sealed record HandlerEntry(
    ApiKey Key, short Lowest, short Highest, IRequestHandler Handler, bool MayOverlap = false);
