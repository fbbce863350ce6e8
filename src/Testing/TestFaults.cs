using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Testing.Faults;

namespace KRaftSharp.Testing;

/// <summary>What goes wrong with clients' requests, as the test says. Requests between nodes are left alone.</summary>
/// <remarks>Rules are taken in the order in which they were made; a request meets the first that is for it. Each method
/// gives what ends the rule before its time. Thread-safe.</remarks>
public sealed class TestFaults
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _rules = [];
    private int _met;

    internal TestFaults()
    {
    }

    /// <summary>Requests that met a rule so far.</summary>
    public int Met => Volatile.Read(ref _met);

    /// <summary>The next requests are refused with that error, and not carried out.</summary>
    /// <param name="api">Which.</param>
    /// <param name="error">With what.</param>
    /// <param name="times">So many of them.</param>
    /// <param name="nodeId">Those to this node alone; null: to any.</param>
    public IDisposable Fail(ApiKey api, ErrorCode error, int times = int.MaxValue, int? nodeId = null) =>
        Add(new FaultRule(api, nodeId, Error: error), times);

    /// <summary>The next requests are begun so much later, on the cluster's clock.</summary>
    public IDisposable Delay(ApiKey api, TimeSpan by, int times = int.MaxValue, int? nodeId = null) =>
        Add(new FaultRule(api, nodeId, Delay: by), times);

    /// <summary>The connection breaks at the next requests, which are not carried out.</summary>
    public IDisposable DropRequest(ApiKey api, int times = 1, int? nodeId = null) =>
        Add(new FaultRule(api, nodeId, Drop: true), times);

    /// <summary>The next requests are carried out, and the connection breaks before the answer.</summary>
    public IDisposable DropAnswer(ApiKey api, int times = 1, int? nodeId = null) =>
        Add(new FaultRule(api, nodeId, Drop: true, IsCarriedOut: true), times);

    /// <summary>Ends all rules.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    /// <summary>What a node calls for each request.</summary>
    internal ValueTask<IApiMessage?> InterceptAsync(
        int nodeId, TimeProvider time, RequestContext context, IApiMessage request, IRequestHandler handler)
    {
        bool isOfNode = context.ClientId.StartsWith("node-", StringComparison.Ordinal);
        return isOfNode || Take(nodeId, request.Key) is not { } rule
            ? handler.HandleAsync(context, request)
            : CarryOutAsync(rule, time, context, request, handler);
    }

    private static async ValueTask<IApiMessage?> CarryOutAsync(
        FaultRule rule, TimeProvider time, RequestContext context, IApiMessage request, IRequestHandler handler)
    {
        if (rule.Delay > TimeSpan.Zero)
        {
            await Task.Delay(rule.Delay, time);
        }

        if (rule.Error is { } error)
        {
            return ErrorAnswers.To(request, error);
        }

        if (rule.Drop && !rule.IsCarriedOut)
        {
            context.CloseConnection();
            return null;
        }

        IApiMessage? answer = await handler.HandleAsync(context, request);
        if (rule.Drop)
        {
            context.CloseConnection();
        }

        return answer;
    }

    private Handle Add(FaultRule rule, int times)
    {
        Entry entry = new(rule, times);
        lock (_gate)
        {
            _rules.Add(entry);
        }

        return new Handle(this, entry);
    }

    private FaultRule? Take(int nodeId, ApiKey api)
    {
        lock (_gate)
        {
            Entry? entry = _rules.Find(
                entry => entry.Rule.Api == api && (entry.Rule.NodeId is null || entry.Rule.NodeId == nodeId));
            if (entry is null)
            {
                return null;
            }

            if (--entry.Left == 0)
            {
                _rules.Remove(entry);
            }

            _met++;
            return entry.Rule;
        }
    }

    private sealed class Entry(FaultRule rule, int times)
    {
        public FaultRule Rule => rule;

        public int Left { get; set; } = times;
    }

    private sealed class Handle(TestFaults faults, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            lock (faults._gate)
            {
                faults._rules.Remove(entry);
            }
        }
    }
}
