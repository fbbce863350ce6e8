namespace KRaftSharp.Log.Cleaning;

/// <summary>A log, and how to run something on its owner's strand.</summary>
public sealed record CleanerTarget(PartitionLog Log, Action<Action> Post)
{
    /// <summary>Runs a function on the owner's strand; the task completes there.</summary>
    internal Task<T> RunAsync<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>();
        Post(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Storage.StorageException error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }
}
