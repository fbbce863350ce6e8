using System.Text;
using System.Text.Json;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>Produces records over HTTP: one, a stream of them, or a batch.</summary>
internal sealed class RecordRoutes(AdminServices services)
{
    private const string Records = V3Scope.Root + "/topics/{topic_name}/records";
    private const int MaxBatchEntries = 10_000;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("POST", Records, AdminRole.Admin,
            "Produces a record; or several, as JSON objects one after another, each answered by one in its turn.",
            StreamAsync)
        {
            Body = AdminJson.Default.ProduceBody, Answer = AdminJson.Default.ProduceAnswer,
            Query = [AdminQuery.DryRun],
        },
        new("POST", Records + ":batch", AdminRole.Admin, "Produces several records; each succeeds or fails for itself.",
            BatchAsync)
        {
            Body = AdminJson.Default.ProduceBatchBody, Answer = AdminJson.Default.ProduceBatchAnswer, Success = 207,
            Query = [AdminQuery.DryRun],
        },
    ];

    private async ValueTask<AdminReply> StreamAsync(AdminCall call)
    {
        string topic = services.Scope(call).Topic(services.Image).Name;
        JsonSequence bodies = new(call.Http.Request.Body, call.MaxBodyBytes);
        int count = 0;
        try
        {
            while (await bodies.NextAsync(AdminJson.Default.ProduceBody, call.Aborted) is { } body)
            {
                ProduceAnswer answer = await TryProduceAsync(topic, body, call.IsDryRun);
                if (count++ == 0)
                {
                    call.Http.Response.ContentType = "application/json";
                }

                await JsonSerializer.SerializeAsync(
                    call.Http.Response.Body, answer, AdminJson.Default.ProduceAnswer, call.Aborted);
                await call.Http.Response.Body.WriteAsync("\r\n"u8.ToArray(), call.Aborted);
                await call.Http.Response.Body.FlushAsync(call.Aborted);
            }
        }
        catch (AdminProblem problem) when (count > 0)
        {
            // The answers before it are sent: this one ends them.
            await JsonSerializer.SerializeAsync(
                call.Http.Response.Body, Failure(problem), AdminJson.Default.ProduceAnswer, call.Aborted);
            return AdminReply.Written;
        }

        return count > 0 ? AdminReply.Written : throw AdminProblem.BadRequest("The body has no record");
    }

    private async ValueTask<AdminReply> BatchAsync(AdminCall call)
    {
        string topic = services.Scope(call).Topic(services.Image).Name;
        ProduceBatchBody body = await call.ReadAsync(AdminJson.Default.ProduceBatchBody);
        if (body.Entries.Count is 0 or > MaxBatchEntries
            || body.Entries.DistinctBy(entry => entry.Id).Count() != body.Entries.Count)
        {
            throw new AdminProblem(422, 42206, $"A batch has 1 to {MaxBatchEntries} entries with ids of their own");
        }

        List<ProduceBatchSuccess> successes = [];
        List<ProduceBatchFailure> failures = [];
        foreach (ProduceBatchEntryBody entry in body.Entries)
        {
            ProduceAnswer answer = await TryProduceAsync(topic, entry.Record, call.IsDryRun);
            if (answer.ErrorCode == 200)
            {
                successes.Add(new ProduceBatchSuccess(
                    entry.Id, services.ClusterId, topic, answer.PartitionId!.Value, answer.Offset, answer.Timestamp,
                    answer.Key, answer.Value));
            }
            else
            {
                failures.Add(new ProduceBatchFailure(entry.Id, answer.ErrorCode, answer.Message!));
            }
        }

        return AdminReply.MultiStatus(
            new ProduceBatchAnswer(successes, failures), AdminJson.Default.ProduceBatchAnswer);
    }

    private async Task<ProduceAnswer> TryProduceAsync(string topic, ProduceBody body, bool isDryRun)
    {
        try
        {
            (ReadOnlyMemory<byte>? key, ProducedDataAnswer? keyAnswer) = Encode("key", body.Key);
            (ReadOnlyMemory<byte>? value, ProducedDataAnswer? valueAnswer) = Encode("value", body.Value);
            List<RecordHeader> headers = [.. (body.Headers ?? []).Select(header => new RecordHeader(
                header.Name, header.Value is null ? null : FromBase64("headers", header.Value)))];
            if (isDryRun)
            {
                int target = services.Records.TargetOf(topic, body.PartitionId, key);
                return new ProduceAnswer(
                    200, null, services.ClusterId, topic, target, null, null, keyAnswer, valueAnswer);
            }

            ProducedRecord produced = await services.Records.ProduceAsync(
                topic, body.PartitionId, key, value, headers, body.Timestamp?.ToUnixTimeMilliseconds());
            return new ProduceAnswer(
                200, null, services.ClusterId, topic, produced.Partition, produced.Offset,
                DateTimeOffset.FromUnixTimeMilliseconds(produced.TimestampMs), keyAnswer, valueAnswer);
        }
        catch (AdminProblem problem)
        {
            return Failure(problem);
        }
    }

    private static ProduceAnswer Failure(AdminProblem problem) =>
        new(problem.Code, problem.Message, null, null, null, null, null, null, null);

    /// <summary>BINARY is base64, STRING the text itself, JSON the JSON as it was sent.</summary>
    private static (ReadOnlyMemory<byte>? Bytes, ProducedDataAnswer? Answer) Encode(string what, ProduceDataBody? body)
    {
        // A null in the body is none, of whatever type.
        if (body?.Data is not { } data)
        {
            return (null, null);
        }

        byte[] bytes = body.Type switch
        {
            "BINARY" => FromBase64(what, Text(what, data)),
            "STRING" => Encoding.UTF8.GetBytes(Text(what, data)),
            "JSON" or null => Encoding.UTF8.GetBytes(data.GetRawText()),
            var other => throw AdminProblem.BadRequest($"{what}: the type is BINARY, STRING or JSON, not {other}"),
        };
        return (bytes, new ProducedDataAnswer(body.Type ?? "JSON", bytes.Length));
    }

    private static string Text(string what, JsonElement data) => data.ValueKind == JsonValueKind.String
        ? data.GetString()!
        : throw AdminProblem.BadRequest($"{what}: data of this type is a string");

    private static byte[] FromBase64(string what, string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw AdminProblem.BadRequest($"{what}: data is not base64");
        }
    }
}
