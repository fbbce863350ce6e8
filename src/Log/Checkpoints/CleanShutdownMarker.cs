using System.Globalization;
using System.Text;
using System.Text.Json;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Checkpoints;

/// <summary>The file that says a log directory was left in order, with the broker's epoch then (KIP-966).</summary>
internal static class CleanShutdownMarker
{
    public const string FileName = ".kafka_cleanshutdown";

    public const long NoBrokerEpoch = -1;

    public static bool Exists(IStorage storage, string directory) => storage.FileExists(PathOf(directory));

    /// <summary>The epoch; -1 when the file does not tell.</summary>
    public static long ReadBrokerEpoch(IStorage storage, string directory)
    {
        try
        {
            using var document = JsonDocument.Parse(storage.ReadAllBytes(PathOf(directory)));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("brokerEpoch", out JsonElement epoch)
                && epoch.TryGetInt64(out long value)
                    ? value
                    : NoBrokerEpoch;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return NoBrokerEpoch;
        }
    }

    public static void Write(IStorage storage, string directory, long brokerEpoch) => storage.WriteAtomically(
        PathOf(directory),
        Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{{\"version\":0,\"brokerEpoch\":{brokerEpoch}}}")));

    public static void Delete(IStorage storage, string directory) => storage.Delete(PathOf(directory));

    private static string PathOf(string directory) => $"{directory}/{FileName}";
}
