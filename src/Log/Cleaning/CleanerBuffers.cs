namespace KRaftSharp.Log.Cleaning;

/// <summary>One thread's share of the memory that cleaners may use.</summary>
internal readonly record struct CleanerBuffers(long MapBytes, double LoadFactor, int IoBytes)
{
    private const int LeastIoBytes = 4096;

    public static CleanerBuffers Of(CleanerOptions options)
    {
        int threads = Math.Max(1, options.Threads);

        // One buffer for reading, one for writing.
        return new CleanerBuffers(
            options.DedupeBufferBytes / threads, options.LoadFactor,
            Math.Max(LeastIoBytes, options.IoBufferBytes / threads / 2));
    }
}
