using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Handlers;

/// <summary>How one resource of a request about configs ended.</summary>
internal readonly record struct ConfigError(ErrorCode Code, string? Message = null)
{
    public static ConfigError None => default;

    public bool IsFailure => Code != ErrorCode.None;

    public static ConfigError InvalidRequest(string message) => new(ErrorCode.InvalidRequest, message);

    public static ConfigError InvalidConfig(string message) => new(ErrorCode.InvalidConfig, message);
}
