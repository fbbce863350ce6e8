namespace KRaftSharp.Protocol;

/// <summary>The body of a request or a response.</summary>
public interface IApiMessage : IMessage
{
    ApiKey Key { get; }

    bool IsRequest { get; }
}
