namespace KRaftSharp.Quorum.Metadata;

/// <summary>One registered listener. The protocol is Kafka's number: 0 plaintext, 1 TLS, 2 SASL, 3 both.</summary>
public sealed record ListenerEndpoint(string Name, string Host, int Port, short SecurityProtocol);
