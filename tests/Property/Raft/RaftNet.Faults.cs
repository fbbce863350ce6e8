using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Tests.Property.Raft;

/// <content>What goes wrong, and that it ends.</content>
internal sealed partial class RaftNet
{
    public void HealAll()
    {
        _cut.Clear();
        _isHealed = true;
        foreach (ModelNode node in _nodes)
        {
            if (node.Replica is null)
            {
                Start(node);
            }
        }
    }

    public void Cut(int a, int b)
    {
        _cut.Add((a, b));
        _cut.Add((b, a));
    }

    private void Do(RaftFault fault)
    {
        ModelNode node = _nodes[fault.A % _nodes.Count];
        switch (fault.Kind)
        {
            case RaftFaultKind.Crash:
                Crash(node);
                break;
            case RaftFaultKind.Restart:
                Crash(node);
                Schedule(_prng.Between(1, 80), () => StartIfDown(node));
                break;
            case RaftFaultKind.Cut:
                Cut(node.Id, fault.B % _nodes.Count);
                break;
            case RaftFaultKind.Heal:
                _cut.Clear();
                break;
            case RaftFaultKind.Pause:
                node.PausedUntilMs = Math.Max(node.PausedUntilMs, NowMs + _prng.Between(50, 4000));
                break;
            case RaftFaultKind.Resign when Leader is { } leader:
                Step(leader, new RaftInput.ResignRequested(leader.Replica!.Election.Epoch));
                break;
            case RaftFaultKind.RestartAll:
                foreach (ModelNode each in _nodes)
                {
                    Crash(each);
                    Schedule(_prng.Between(1, 80), () => StartIfDown(each));
                }

                break;
            default:
                DoToVoters(fault.Kind, node);
                break;
        }
    }

    private void StartIfDown(ModelNode node)
    {
        if (node.Replica is null)
        {
            Start(node);
        }
    }
}
