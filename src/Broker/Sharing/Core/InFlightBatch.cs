using KRaftSharp.Broker.ShareState;

namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>
/// Records that were first delivered together. They stay together until something concerns only some of them.
/// </summary>
internal sealed class InFlightBatch(InFlightRun run)
{
    private readonly List<InFlightRun> _runs = [run];

    public long FirstOffset => _runs[0].FirstOffset;

    /// <summary>Inclusive.</summary>
    public long LastOffset => _runs[^1].LastOffset;

    /// <summary>Whether its records go their own ways.</summary>
    public bool IsSplit { get; private set; }

    /// <summary>Whether nothing is known of its records but that they have to be delivered: they lay between others
    /// when the share partition was loaded.</summary>
    public bool IsFresh { get; init; }

    /// <summary>The one run of a batch that is not split.</summary>
    public InFlightRun Whole => _runs[0];

    /// <summary>In the order of offsets; all records of the batch.</summary>
    public IReadOnlyList<InFlightRun> Runs => _runs;

    public long Count => LastOffset - FirstOffset + 1;

    public static InFlightBatch Of(StateBatch state) => new(new InFlightRun(state.FirstOffset, state.LastOffset)
    {
        State = state.State,
        DeliveryCount = state.DeliveryCount,
    });

    public static InFlightBatch Fresh(long firstOffset, long lastOffset) =>
        new(new InFlightRun(firstOffset, lastOffset)) { IsFresh = true };

    public bool IsWithin(long firstOffset, long lastOffset) =>
        FirstOffset >= firstOffset && LastOffset <= lastOffset;

    /// <summary>Whether an offset lies in it, and not at its beginning.</summary>
    public bool IsCutBy(long offset) => FirstOffset < offset && offset <= LastOffset;

    /// <summary>From now on its records go their own ways.</summary>
    public void Split() => IsSplit = true;

    /// <summary>The runs of a range, cut so that they lie in it. The batch counts as split.</summary>
    public IEnumerable<InFlightRun> Within(long firstOffset, long lastOffset)
    {
        IsSplit = true;
        Cut(firstOffset);
        Cut(lastOffset + 1);
        int from = 0;
        while (from < _runs.Count && _runs[from].FirstOffset < firstOffset)
        {
            from++;
        }

        int to = from;
        while (to < _runs.Count && _runs[to].LastOffset <= lastOffset)
        {
            to++;
        }

        return _runs.GetRange(from, to - from);
    }

    /// <summary>Cuts a run in two so that one begins at <paramref name="offset"/>; returns that one.</summary>
    public InFlightRun? Cut(long offset)
    {
        for (int i = 0; i < _runs.Count; i++)
        {
            if (_runs[i].FirstOffset == offset)
            {
                return _runs[i];
            }

            if (_runs[i].FirstOffset < offset && offset <= _runs[i].LastOffset)
            {
                IsSplit = true;
                InFlightRun rest = _runs[i].CutAt(offset);
                _runs.Insert(i + 1, rest);
                return rest;
            }
        }

        return null;
    }
}
