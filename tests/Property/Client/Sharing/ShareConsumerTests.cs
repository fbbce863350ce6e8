using FsCheck.Xunit;
using KRaftSharp.Client.Sharing;

namespace KRaftSharp.Tests.Property.Client.Sharing;

/// <summary>What a member of a share group holds to, whatever brokers, connections, locks and the application do.
/// </summary>
public sealed class ShareConsumerTests
{
    [Property(MaxTest = 150, Replay = "6120931,4471227")]
    public void Explicit_AnyStory_EachRecordEndsOnce(int seed, byte partitions, bool limits) =>
        Tell(seed, 1 + (partitions % 4), AcknowledgementMode.Explicit, limits);

    [Property(MaxTest = 100, Replay = "2219087,9081735")]
    public void Implicit_AnyStory_EachRecordEndsOnce(int seed, byte partitions, bool limits) =>
        Tell(seed, 1 + (partitions % 4), AcknowledgementMode.Implicit, limits);

    private static void Tell(int seed, int partitions, AcknowledgementMode mode, bool limits)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        StoryContext context = new();
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            new ShareStory(seed, partitions, mode, limits, context).Tell();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
