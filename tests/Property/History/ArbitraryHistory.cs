using KRaftSharp.History;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.History;

/// <summary>Histories of nonsense: few partitions, offsets and values, so that every kind of anomaly is frequent.
/// </summary>
internal sealed class ArbitraryHistory
{
    private const int MostOffsets = 5;
    private readonly Prng _chance;
    private readonly OperationHistory _history = new();

    private ArbitraryHistory(ulong seed) => _chance = new Prng(seed);

    public static OperationHistory From(ulong seed)
    {
        var arbitrary = new ArbitraryHistory(seed);
        for (int steps = arbitrary._chance.Between(3, 14); steps > 0; steps--)
        {
            arbitrary.Step();
        }

        return arbitrary._history;
    }

    private void Step()
    {
        switch (_chance.Below(12))
        {
            case < 5:
                Send();
                break;
            case < 9:
                Read();
                break;
            case 9:
                Commit();
                break;
            case 10:
                long askedAt = _history.Now;
                if (_chance.Below(2) == 0)
                {
                    Commit();
                }

                _history.Fetched("g", AnyPartition(), _chance.Below(MostOffsets) - 1, askedAt);
                break;
            default:
                _history.Assigned("g", _chance.Below(2), $"m{_chance.Below(2)}", [AnyPartition()]);
                break;
        }
    }

    private PartitionId AnyPartition() => new("t", _chance.Below(2));

    private void Send()
    {
        SentTransaction? transaction = _chance.Below(3) switch
        {
            0 when _history.Transactions.Count > 0 =>
                _history.Transactions[_chance.Below(_history.Transactions.Count)],
            1 => _history.Begin("p", $"x{_history.Transactions.Count}"),
            _ => null,
        };
        Sent sent = _history.Send(
            $"p{_chance.Below(2)}", AnyPartition(), $"v{_history.Sent.Count}", (Guarantees)_chance.Below(4),
            transaction);
        switch (_chance.Below(4))
        {
            case 0:
                sent.Refuse();
                break;
            case < 3:
                sent.Acknowledge(_chance.Below(MostOffsets) - 1);
                break;
        }

        if (transaction is { Outcome: Outcome.Unknown })
        {
            End(transaction);
        }
    }

    private void End(SentTransaction transaction)
    {
        switch (_chance.Below(5))
        {
            case 0:
                transaction.Abort();
                break;
            case 1:
                transaction.AskCommit();
                break;
            case 2:
                transaction.AskCommit();
                transaction.Commit();
                break;
        }
    }

    private void Read()
    {
        Reading reading = _history.Read(
            "r", AnyPartition(), (Isolation)_chance.Below(2), _chance.Below(2), isFinal: _chance.Below(4) == 0);
        for (int count = _chance.Below(5); count > 0; count--)
        {
            // Mostly what was sent, mostly in order.
            long offset = _chance.Below(4) == 0 ? _chance.Below(MostOffsets) : reading.To + _chance.Below(2);
            reading.Take(offset, $"v{_chance.Below(_history.Sent.Count + 1)}");
        }

        reading.Pass(_chance.Below(MostOffsets));
    }

    private void Commit()
    {
        OffsetCommit commit =
            _history.Commit("g", AnyPartition(), _chance.Below(MostOffsets), isReset: _chance.Below(6) == 0);
        switch (_chance.Below(4))
        {
            case 0:
                commit.Refuse();
                break;
            case < 3:
                commit.Acknowledge();
                break;
        }
    }
}
