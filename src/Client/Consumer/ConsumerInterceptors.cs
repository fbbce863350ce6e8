using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Consumer;

/// <summary>Calls to interceptors, none of which can break the consumer.</summary>
internal static class ConsumerInterceptors
{
    public static void Call(
        ILogger logger, IConsumerInterceptor interceptor, Action<IConsumerInterceptor> call)
    {
        try
        {
            call(interceptor);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            // A watcher's mistake is no reason to lose a record.
            ConsumerLog.InterceptorThrew(logger, interceptor.GetType(), mistake);
        }
    }
}
