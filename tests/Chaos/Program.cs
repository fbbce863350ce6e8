namespace KRaftSharp.Chaos;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (ChaosOptions.Parse(arguments, Console.Error) is not { } options)
        {
            return 2;
        }

        using CancellationTokenSource interrupted = new();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        };
        try
        {
            return await new ChaosRun(options).RunAsync(interrupted.Token);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException
            or OperationCanceledException or Client.KafkaException)
        {
            Console.Error.WriteLine("chaos: " + error.Message);
            return 1;
        }
    }
}
