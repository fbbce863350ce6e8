namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>A heap of which the order of equals is known: that of the classic binary heap, as java.util.PriorityQueue
/// has it. Kafka's assignments depend on it.</summary>
internal sealed class BinaryHeap<T>(Comparison<T> compare)
{
    private readonly List<T> _items = [];

    public int Count => _items.Count;

    public void Add(T item)
    {
        _items.Add(item);
        int at = _items.Count - 1;
        while (at > 0)
        {
            int parent = (at - 1) >> 1;
            if (compare(item, _items[parent]) >= 0)
            {
                break;
            }

            _items[at] = _items[parent];
            at = parent;
        }

        _items[at] = item;
    }

    /// <summary>Takes the least; there must be one.</summary>
    public T Take()
    {
        T least = _items[0];
        T last = _items[^1];
        _items.RemoveAt(_items.Count - 1);
        if (_items.Count > 0)
        {
            Sink(last);
        }

        return least;
    }

    private void Sink(T item)
    {
        int at = 0;
        for (int child = 1; child < _items.Count; child = (2 * at) + 1)
        {
            if (child + 1 < _items.Count && compare(_items[child], _items[child + 1]) > 0)
            {
                child++;
            }

            if (compare(item, _items[child]) <= 0)
            {
                break;
            }

            _items[at] = _items[child];
            at = child;
        }

        _items[at] = item;
    }
}
