using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>Why a call is refused: what the caller gets as <c>{error_code, message}</c> with its HTTP status.</summary>
internal sealed class AdminProblem(int status, int code, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>As the Confluent REST API numbers them: the status and two digits more.</summary>
    public int Code => code;

    public static AdminProblem BadRequest(string message) => new(400, 40002, message);

    public static AdminProblem NotFound(string message) => new(404, 404, message);

    /// <summary>The problem that stands for a Kafka error.</summary>
    /// <param name="message">What the broker said; Kafka's own words for the error where it said nothing.</param>
    public static AdminProblem Of(ErrorCode error, string? message)
    {
        (int status, int code) = KafkaErrorMap.StatusOf(error);
        return new AdminProblem(status, code, string.IsNullOrEmpty(message) ? ErrorCodes.Message(error) : message);
    }

    /// <exception cref="AdminProblem"><paramref name="error"/> is one.</exception>
    public static void ThrowIf(ErrorCode error, string? message = null)
    {
        if (error != ErrorCode.None)
        {
            throw Of(error, message);
        }
    }
}
