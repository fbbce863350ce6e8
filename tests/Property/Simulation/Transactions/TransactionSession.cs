using KRaftSharp.History;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Tests.Property.Simulation.Clients;

namespace KRaftSharp.Tests.Property.Simulation.Transactions;

/// <summary>
/// One producer with a transactional id, as clients are: of the first kind (partitions are added by request, the epoch
/// stays) or of transactions v2 (KIP-890: Produce adds them, each transaction has an epoch). Sends requests again, and
/// some of them long afterwards, as a network may.
/// </summary>
internal sealed class TransactionSession
{
    public const int TimeoutMs = 3000;
    private readonly SimClient _client;
    private readonly ClientHistory _history;
    private readonly TransactionRequests _requests;
    private readonly TransactionalSender _sender;
    private readonly CoordinatorFinder _finder;
    private bool _mustBump;
    private bool _isReady;
    private int _count;

    public TransactionSession(
        SimClient client, ClusterView view, ClientHistory history, string transactionalId, bool isV2)
    {
        _client = client;
        _history = history;
        _finder = new CoordinatorFinder(client, view, CoordinatorType.Transaction, transactionalId);
        _requests = new TransactionRequests(transactionalId, isV2);
        _sender = new TransactionalSender(client, view, history, _requests, _finder);
    }

    public SentTransaction? Current { get; private set; }

    public string Producer => $"t{_client.Id}";

    public string State => $"{_requests.TransactionalId} of client {_client.Id}: id {_requests.ProducerId}, epoch "
        + $"{_requests.Epoch}, {(_isReady ? Current is null ? "idle" : "in a transaction" : "initializing")}, last "
        + $"answer {LastError}";

    private ErrorCode? LastError { get; set; }

    private Prng Chance => _client.Chance;

    /// <summary>Gets a producer id and an epoch, which fences every other producer of the id.</summary>
    public async Task InitializeAsync()
    {
        bool keepsId = _mustBump && _requests.ProducerId >= 0;
        while (!_isReady)
        {
            IApiMessage? answer = await _finder.AskAsync(
                _requests.Initialize(TimeoutMs, keepsId, out short version), version, "txn");
            LastError = (answer as InitProducerIdResponse)?.ErrorCode;
            switch (answer)
            {
                case InitProducerIdResponse { ErrorCode: ErrorCode.None } given:
                    _requests.Become(given.ProducerId, given.ProducerEpoch);
                    _client.Say($"{_requests.TransactionalId} has id {given.ProducerId}, epoch {given.ProducerEpoch}");
                    _isReady = true;
                    _mustBump = false;
                    return;
                case InitProducerIdResponse
                {
                    ErrorCode: ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch
                        or ErrorCode.InvalidProducerIdMapping,
                } when keepsId:
                    keepsId = false;
                    break;
                case InitProducerIdResponse { ErrorCode: var error } when !IsPassing(error):
                    _history.Anomalies.Add($"{State}: InitProducerId is answered {error}");
                    return;
            }

            await _client.WaitAsync(20, 200);
        }
    }

    public void Begin()
    {
        Current = _history.Operations.Begin(Producer, $"{_requests.TransactionalId}/{_client.Id}/{_count++}");
        _sender.Begin(Current);
    }

    public Task<StepResult> SendAsync(PartitionId partition, IReadOnlyList<string> values) =>
        _sender.SendAsync(Producer, partition, values);

    public Task<StepResult> CommitOffsetsAsync(CoordinatorFinder group, Consumed consumed, GroupIdentity identity)
    {
        Current!.Consume(consumed);
        return _sender.CommitOffsetsAsync(group, consumed, identity);
    }

    /// <summary>Ends it, and is asked until the end is known. False when the producer must begin anew.</summary>
    public async Task<bool> EndAsync(bool isCommit)
    {
        SentTransaction transaction = Current!;
        if (!isCommit && !_requests.IsV2 && !_sender.HasAnything)
        {
            transaction.Abort();
            Conclude();
            return true;
        }

        if (isCommit)
        {
            transaction.AskCommit();
        }

        EndTxnRequest request = _requests.End(isCommit, out short version);
        bool mayBeDone = false;
        while (true)
        {
            IApiMessage? answer = await _finder.AskAsync(request, version, "txn");
            LastError = (answer as EndTxnResponse)?.ErrorCode;
            switch (answer)
            {
                case EndTxnResponse { ErrorCode: ErrorCode.None } ended:
                    Action told = isCommit ? transaction.Commit : transaction.Abort;
                    told();
                    _client.Say($"{transaction} is {(isCommit ? "committed" : "aborted")}");
                    _sender.Late(request, version);
                    if (_requests.IsV2)
                    {
                        _requests.Become(ended.ProducerId, ended.ProducerEpoch);
                    }
                    else
                    {
                        _mustBump = mayBeDone;
                    }

                    Conclude();
                    return true;
                case EndTxnResponse { ErrorCode: var error } when !IsPassing(error):
                    if (!isCommit || !mayBeDone)
                    {
                        transaction.Abort();
                    }

                    _client.Say($"the end of {transaction} is answered {error}");
                    CheckRefusal(error);
                    Forget();
                    return false;
            }

            // An answer that is missing, or that only asks for patience, does not say that nothing was done.
            mayBeDone = true;
            await _client.WaitAsync(20, 200);
        }
    }

    /// <summary>The producer is fenced: its transaction is somebody else's to end.</summary>
    public void Forget()
    {
        if (Current is { IsCommitAsked: false } transaction)
        {
            transaction.Abort();
        }

        Current = null;
        _isReady = false;
        _mustBump = false;
    }

    /// <summary>The process dies in the middle of it, and nothing is remembered.</summary>
    public void Crash()
    {
        Forget();
        _finder.Forget();
        _client.Disconnect();
    }

    private bool IsPassing(ErrorCode error) =>
        _finder.IsMisplaced(error) || error == ErrorCode.ConcurrentTransactions || ErrorCodes.IsRetriable(error);

    private void CheckRefusal(ErrorCode error)
    {
        if (error is not (ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.InvalidTxnState
            or ErrorCode.InvalidProducerIdMapping or ErrorCode.TransactionAbortable))
        {
            _history.Anomalies.Add($"{State}: EndTxn is answered {error}");
        }
    }

    private void Conclude()
    {
        Current = null;
        _mustBump |= _sender.HasLostAnswer && !_requests.IsV2;
        _isReady = !_mustBump;
    }
}
