namespace KRaftSharp.Client.Security;

/// <summary>The broker refused who the client says it is, or has not proven itself to know the password.</summary>
internal sealed class SaslException(string message) : Exception(message);
