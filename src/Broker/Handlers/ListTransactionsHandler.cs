using System.Text.RegularExpressions;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ListTransactions v0-2 (KIP-664). v1 by duration (KIP-994); v2 by a pattern of ids (KIP-1152).</summary>
internal sealed class ListTransactionsHandler(TransactionCoordinator coordinator, TimeProvider time) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var list = (ListTransactionsRequest)request;
        Regex? pattern = null;
        if (list.TransactionalIdPattern is { Length: > 0 } text && !TryParse(text, out pattern))
        {
            return new ListTransactionsResponse { ErrorCode = ErrorCode.InvalidRegularExpression };
        }

        if (await coordinator.ListAsync() is not { } all)
        {
            return new ListTransactionsResponse { ErrorCode = ErrorCode.CoordinatorLoadInProgress };
        }

        var response = new ListTransactionsResponse();
        HashSet<TransactionStatus> wanted = [];
        foreach (string name in list.StateFilters)
        {
            if (Enum.TryParse(name, out TransactionStatus status) && status.ToString() == name)
            {
                wanted.Add(status);
            }
            else
            {
                response.UnknownStateFilters.Add(name);
            }
        }

        long now = time.WallClockMs();
        foreach (TransactionMetadata known in all)
        {
            bool isWanted = known.Status != TransactionStatus.Dead
                && (list.ProducerIdFilters.Count == 0 || list.ProducerIdFilters.Contains(known.ProducerId))
                && (list.StateFilters.Count == 0 || wanted.Contains(known.Status))
                && (list.DurationFilter < 0 || now - known.StartTimestampMs > list.DurationFilter)
                && pattern?.IsMatch(known.TransactionalId) != false;
            if (isWanted)
            {
                response.TransactionStates.Add(new ListTransactionsResponse.TransactionStateValue
                {
                    TransactionalId = known.TransactionalId,
                    ProducerId = known.ProducerId,
                    TransactionState = known.Status.ToString(),
                });
            }
        }

        return response;
    }

    /// <summary>Patterns without backtracking only, as in Kafka: their time is linear in the id.</summary>
    private static bool TryParse(string text, out Regex? pattern)
    {
        try
        {
            pattern = new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            pattern = null;
            return false;
        }
    }
}
