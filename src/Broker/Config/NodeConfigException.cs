namespace KRaftSharp.Broker.Config;

/// <summary>The configuration cannot be used: which key, which value, what is allowed.</summary>
public sealed class NodeConfigException : Exception
{
    public NodeConfigException()
    {
    }

    public NodeConfigException(string message)
        : base(message)
    {
    }

    public NodeConfigException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
