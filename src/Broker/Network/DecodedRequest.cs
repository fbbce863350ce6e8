using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>A request whose frame made sense; with nulls when it did not and the connection has to be closed.</summary>
internal readonly record struct DecodedRequest(HandlerEntry? Entry, IApiMessage? Body, RequestContext? Context);
