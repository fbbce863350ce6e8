using System.Globalization;
using KRaftSharp.History;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.History;

/// <summary>
/// Clients of a cluster that keeps every promise: partitions are lists, transactions end with markers, readers stop at
/// the first open transaction. Answers get lost, producers give up, readers begin anywhere.
/// </summary>
internal sealed class HonestHistory
{
    private const string Group = "g";
    private static readonly PartitionId Input = new("in", 0);
    private readonly Prng _chance;
    private readonly OperationHistory _history = new();
    private readonly SortedDictionary<PartitionId, List<Entry>> _logs = [];
    private long _consumedTo;
    private int _next;

    private HonestHistory(ulong seed) => _chance = new Prng(seed);

    public static OperationHistory From(ulong seed)
    {
        var honest = new HonestHistory(seed);
        for (int step = 0; step < 60; step++)
        {
            honest.Step();
        }

        honest.Finish();
        return honest._history;
    }

    private void Step()
    {
        switch (_chance.Below(6))
        {
            case 0:
                Append(_history.Send("plain", Input, NextValue()), isOpen: null);
                break;
            case 1:
                Transact(consumes: false);
                break;
            case 2:
                Transact(consumes: true);
                break;
            case 3:
                Commit();
                break;
            default:
                Read();
                break;
        }
    }

    private string NextValue() => (_next++).ToString(CultureInfo.InvariantCulture);

    private List<Entry> Log(PartitionId partition)
    {
        if (!_logs.TryGetValue(partition, out List<Entry>? log))
        {
            _logs.Add(partition, log = []);
        }

        return log;
    }

    private void Append(Sent sent, SentTransaction? isOpen)
    {
        if (_chance.Below(10) == 0)
        {
            // It never came through, and the producer does not know.
            return;
        }

        List<Entry> log = Log(sent.Partition);
        log.Add(new Entry(sent.Value, isOpen));
        if (_chance.Below(10) > 0)
        {
            sent.Acknowledge(_chance.Below(5) == 0 ? null : log.Count - 1);
        }
    }

    /// <summary>One at a time, so that reads in between meet an open one at most.</summary>
    private void Transact(bool consumes)
    {
        string id = NextValue();
        SentTransaction transaction = _history.Begin($"t{id}", id);
        long to = Math.Min(Log(Input).Count, _consumedTo + _chance.Between(1, 3));
        if (consumes && to > _consumedTo)
        {
            transaction.Consume(new Consumed(Group, Input, _consumedTo, to));
        }

        for (int count = _chance.Between(1, 4); count > 0; count--)
        {
            var partition = new PartitionId("out", _chance.Below(2));
            Append(_history.Send(transaction.Producer, partition, NextValue(), transaction: transaction), transaction);
            if (_chance.Below(3) == 0)
            {
                Read();
            }
        }

        bool isAcknowledged = _history.Sent.Where(sent => sent.Transaction == transaction)
            .All(sent => sent.Outcome == Outcome.Succeeded);
        bool isCommitted = isAcknowledged && _chance.Below(3) > 0;
        if (isCommitted)
        {
            transaction.AskCommit();
        }

        bool isCarriedOut = isCommitted && _chance.Below(8) > 0;
        foreach ((PartitionId partition, List<Entry> log) in _logs)
        {
            if (log.Exists(entry => entry.Open == transaction))
            {
                for (int i = 0; i < log.Count; i++)
                {
                    log[i] = log[i].Open == transaction
                        ? log[i] with { Open = null, IsAborted = !isCarriedOut }
                        : log[i];
                }

                log.Add(new Entry(null, null));
            }
        }

        if (isCarriedOut && transaction.Consumed.Count > 0)
        {
            _consumedTo = to;
        }

        if (_chance.Below(4) > 0 && isCommitted == isCarriedOut)
        {
            Action told = isCommitted ? transaction.Commit : transaction.Abort;
            told();
        }

        FetchOffset(Group, Input, () => _consumedTo);
    }

    private void Commit()
    {
        long log = Log(Input).Count;
        if (log == 0)
        {
            return;
        }

        OffsetCommit commit = _history.Commit("other", Input, log);
        bool isCarriedOut = _chance.Below(4) > 0;
        if (isCarriedOut && _chance.Below(4) > 0)
        {
            commit.Acknowledge();
        }

        _other = isCarriedOut ? log : _other;
        FetchOffset("other", Input, () => _other);
    }

    private long _other = -1;

    private void FetchOffset(string group, PartitionId partition, Func<long> offset, bool isFinal = false)
    {
        long found = offset();
        _history.Fetched(group, partition, found == 0 ? -1 : found, _history.Now, isFinal);
    }

    private void Read()
    {
        if (_logs.Count == 0)
        {
            return;
        }

        (PartitionId partition, List<Entry> log) = _logs.ElementAt(_chance.Below(_logs.Count));
        Read(partition, log, (Isolation)_chance.Below(2), _chance.Below(log.Count + 1), isFinal: false);
    }

    private void Read(PartitionId partition, List<Entry> log, Isolation isolation, int from, bool isFinal)
    {
        Reading reading = _history.Read("r", partition, isolation, from, isFinal);
        int end = isFinal ? log.Count : _chance.Between(from, log.Count);
        for (int offset = from; offset < end; offset++)
        {
            Entry entry = log[offset];
            if (isolation == Isolation.ReadCommitted && entry.Open is not null)
            {
                return;
            }

            if (entry.Value is { } value && !(isolation == Isolation.ReadCommitted && entry.IsAborted))
            {
                reading.Take(offset, value);
            }

            reading.Pass(offset + 1);
        }
    }

    private void Finish()
    {
        foreach ((PartitionId partition, List<Entry> log) in _logs)
        {
            Read(partition, log, Isolation.ReadUncommitted, 0, isFinal: true);
            Read(partition, log, Isolation.ReadCommitted, 0, isFinal: true);
        }

        FetchOffset(Group, Input, () => _consumedTo, isFinal: true);
    }

    /// <param name="Value">Null for a marker.</param>
    private sealed record Entry(string? Value, SentTransaction? Open, bool IsAborted = false);
}
