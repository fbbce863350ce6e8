using System.Text.Json.Serialization.Metadata;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>What a route answers: a status and perhaps a body.</summary>
/// <param name="Body">Null for none.</param>
/// <param name="Type">How the body is written as JSON.</param>
/// <param name="Location">Where what was created is found.</param>
internal readonly record struct AdminReply(int Status, object? Body, JsonTypeInfo? Type, string? Location = null)
{
    /// <summary>The route has written its answer itself.</summary>
    public static AdminReply Written { get; } = new(0, null, null);

    public static AdminReply NoContent { get; } = new(204, null, null);

    public static AdminReply Accepted { get; } = new(202, null, null);

    public static AdminReply Ok<T>(T body, JsonTypeInfo<T> type) => new(200, body, type);

    public static AdminReply Created<T>(T body, JsonTypeInfo<T> type, string location) =>
        new(201, body, type, location);

    public static AdminReply MultiStatus<T>(T body, JsonTypeInfo<T> type) => new(207, body, type);

    public static AdminReply Of<T>(int status, T body, JsonTypeInfo<T> type) => new(status, body, type);
}
