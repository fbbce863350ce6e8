using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Controller;

/// <summary>How a part of a request ended. Without a message of its own a code speaks for itself.</summary>
internal readonly record struct ApiError(ErrorCode Code, string? Message = null)
{
    public static ApiError None => default;

    public bool IsFailure => Code != ErrorCode.None;

    /// <summary>The message, or the code's own words.</summary>
    public string? MessageOrWords => Message ?? (IsFailure ? ErrorCodes.Message(Code) : null);
}
