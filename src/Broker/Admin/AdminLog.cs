using System.Net;
using KRaftSharp.Broker.Admin.Http;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Admin;

/// <summary>What the admin endpoint says in the node's log.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(4080, LogLevel.Information, "admin HTTP on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(4081, LogLevel.Information, "admin HTTP: {Method} {Path} from {Sender} as {Role}: {Status}")]
    public static partial void Change(
        ILogger logger, string method, string path, IPAddress? sender, AdminRole role, int status);

    [LoggerMessage(4082, LogLevel.Error, "admin HTTP: {Method} {Path} failed")]
    public static partial void Failed(ILogger logger, string method, string path, Exception error);

    [LoggerMessage(4083, LogLevel.Error, "admin HTTP: the web server did not start")]
    public static partial void NotStarted(ILogger logger, Exception error);
}
