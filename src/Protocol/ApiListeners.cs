namespace KRaftSharp.Protocol;

/// <summary>Where a request may be sent.</summary>
[Flags]
public enum ApiListeners
{
    None = 0,
    Broker = 1,
    Controller = 2,
}
