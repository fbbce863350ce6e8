using System.Diagnostics;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>The process and its runtime.</summary>
internal sealed class RuntimeMetrics : IMetricsSource
{
    public void Write(MetricsSink sink)
    {
        using Process process = Process.GetCurrentProcess();
        sink.Counter("process_cpu_seconds_total", "CPU time of this process.",
            process.TotalProcessorTime.TotalSeconds);
        sink.Gauge("process_resident_memory_bytes", "Memory of this process that is in RAM.", process.WorkingSet64);
        sink.Gauge("process_start_time_seconds", "When this process started, in seconds since the Unix epoch.",
            new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0);
        sink.Counter("dotnet_gc_heap_total_allocated_bytes_total", "Bytes allocated so far.",
            GC.GetTotalAllocatedBytes());
        sink.Gauge("dotnet_gc_last_collection_heap_size_bytes", "The managed heap after the last collection.",
            GC.GetGCMemoryInfo().HeapSizeBytes);
        sink.Metric("dotnet_gc_collections_total", "counter", "Garbage collections by generation.");
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            sink.Sample(
                "dotnet_gc_collections_total", GC.CollectionCount(generation), "generation", $"gen{generation}");
        }

        sink.Counter("dotnet_gc_pause_time_seconds_total", "Time that collections have stopped the process.",
            GC.GetTotalPauseDuration().TotalSeconds);
        sink.Gauge("dotnet_thread_pool_threads", "Threads of the pool.", ThreadPool.ThreadCount);
        sink.Gauge("dotnet_thread_pool_queue_length", "Work that waits for a thread.", ThreadPool.PendingWorkItemCount);
        sink.Counter("dotnet_monitor_lock_contentions_total", "Times a lock had to be waited for.",
            Monitor.LockContentionCount);
    }
}
