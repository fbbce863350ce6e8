using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Tests.Property.Raft;

/// <content>What the driver does with the disk, and does wrong when a fault is planted.</content>
internal sealed partial class RaftNet
{
    private const int DiskMs = 6;

    private void Truncate(ModelNode node, long endOffset)
    {
        if (_planted == PlantedFault.TruncateToHighWatermark)
        {
            node.Log.Truncate(Math.Min(node.HighWatermark, endOffset));
        }
        else if (_planted != PlantedFault.NoTruncation)
        {
            node.Log.Truncate(endOffset);
        }
        else
        {
            // The entries stay, but pass for the leader's.
            int epoch = node.Replica!.Election.Epoch;
            for (int i = (int)endOffset; i < node.Log.EndOffset; i++)
            {
                node.Log.Entries[i] = node.Log.Entries[i] with { Epoch = epoch };
            }
        }
    }

    private void PersistVote(ModelNode node, ElectionState state, Queue<RaftInput> inputs)
    {
        int life = node.Life;
        if (_planted == PlantedFault.VoteBeforeSync)
        {
            inputs.Enqueue(new RaftInput.VotePersisted(state));
            Schedule(200, () => WriteVote(node, life, state));
            return;
        }

        node.VoteDueMs = Math.Max(node.VoteDueMs, NowMs + _prng.Between(0, DiskMs));
        Schedule(node.VoteDueMs - NowMs, () =>
        {
            WriteVote(node, life, state);
            Deliver(node.Id, life, new RaftInput.VotePersisted(state));
        });
    }

    private static void WriteVote(ModelNode node, int life, ElectionState state)
    {
        if (node.Life == life && state.Epoch >= node.Disk.Epoch)
        {
            node.Disk = state;
        }
    }

    private void Flush(ModelNode node)
    {
        if (_planted == PlantedFault.AckBeforeFlush)
        {
            int sameLife = node.Life;
            long claimed = node.Log.EndOffset;
            Schedule(0, () => Deliver(node.Id, sameLife, new RaftInput.Flushed(Math.Min(claimed, node.Log.EndOffset))));
        }

        if (node.IsFlushing)
        {
            return;
        }

        node.IsFlushing = true;
        int life = node.Life;
        int truncations = node.Log.Truncations;
        long end = node.Log.EndOffset;
        Schedule(_prng.Between(1, _planted == PlantedFault.AckBeforeFlush ? 100 : DiskMs), () =>
        {
            if (node.Life != life)
            {
                return;
            }

            node.IsFlushing = false;
            if (truncations == node.Log.Truncations)
            {
                node.Log.DurableEnd = Math.Max(node.Log.DurableEnd, end);
                Deliver(node.Id, life, new RaftInput.Flushed(end));
            }

            if (node.Life == life && node.Log.DurableEnd < node.Log.EndOffset)
            {
                Flush(node);
            }
        });
    }
}
