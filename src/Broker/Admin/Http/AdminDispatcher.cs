using System.Text.Json;
using KRaftSharp.Broker.Admin.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>The way of every call: who asks, may he, the route's own work, the answer.</summary>
internal sealed class AdminDispatcher(AdminOptions options, ILogger logger)
{
    private readonly AdminGuard _guard = new(options);

    /// <summary>The route as ASP.NET Core calls it: the one that matched is the one that is authorized.</summary>
    public RequestDelegate For(AdminRoute route) => http => RunAsync(route, http);

    /// <summary>What no route serves.</summary>
    public static Task NotFoundAsync(HttpContext http) =>
        RefuseAsync(http, AdminProblem.NotFound($"{http.Request.Method} {http.Request.Path} is not served here"));

    private async Task RunAsync(AdminRoute route, HttpContext http)
    {
        try
        {
            _guard.CheckOrigin(http, route.IsChange);
            AdminRole role = _guard.RoleOf(http);
            if (role < route.Role)
            {
                throw role == AdminRole.None
                    ? new AdminProblem(401, 40101, "A token is needed: Authorization: Bearer ...")
                    : new AdminProblem(403, 40301, $"This needs the role {route.Role}, the token has {role}");
            }

            AdminCall call = new(http, role, options.MaxBodyBytes);
            AdminReply reply = await route.Handle(call);
            if (route.IsChange && !call.IsDryRun)
            {
                AdminLog.Change(
                    logger, route.Method, http.Request.Path, http.Connection.RemoteIpAddress, role, reply.Status);
            }

            await WriteAsync(http, reply);
        }
        catch (AdminProblem problem)
        {
            await RefuseAsync(http, problem);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
        catch (Exception error) when (error is IOException or BadHttpRequestException)
        {
            await RefuseAsync(http, AdminProblem.BadRequest("The request's body could not be read"));
        }
        catch (Exception error) when (error is not Log.Assertions.InvariantViolationException)
        {
            AdminLog.Failed(logger, route.Method, http.Request.Path, error);
            await RefuseAsync(http, new AdminProblem(500, 50002, "The node failed to answer; its log says why"));
        }
    }

    private static async Task WriteAsync(HttpContext http, AdminReply reply)
    {
        if (reply.Status == 0)
        {
            return;
        }

        http.Response.StatusCode = reply.Status;
        if (reply.Location is { } location)
        {
            http.Response.Headers.Location = location;
        }

        if (reply.Body is { } body)
        {
            http.Response.ContentType = "application/json";
            await JsonSerializer.SerializeAsync(http.Response.Body, body, reply.Type!, http.RequestAborted);
        }
    }

    private static async Task RefuseAsync(HttpContext http, AdminProblem problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        if (problem.Status == 401)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await WriteAsync(http, AdminReply.Of(
            problem.Status, new ErrorBody(problem.Code, problem.Message), AdminJson.Default.ErrorBody));
    }
}
