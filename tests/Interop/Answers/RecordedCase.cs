using System.IO.Compression;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>A conversation with Apache Kafka, as record.py wrote it down.</summary>
/// <param name="RecordedAtMs">When, in ms since 1970: times in it count from there.</param>
internal sealed record RecordedCase(string Name, long RecordedAtMs, IReadOnlyList<RecordedEvent> Events)
{
    public static IReadOnlyList<RecordedCase> ReadAll(string path)
    {
        using GZipStream stream = new(File.OpenRead(path), CompressionMode.Decompress);
        using StreamReader reader = new(stream);
        List<RecordedCase> cases = [];
        List<RecordedEvent> events = [];
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split(' ');
            if (fields[0] == "case")
            {
                events = [];
                cases.Add(new RecordedCase(fields[1], long.Parse(fields[2], null), events));
            }
            else if (events.Count > 0 || fields[0][0] != RecordedEvent.Pause)
            {
                byte[] frame = fields.Length > 2 ? Convert.FromHexString(fields[2]) : [];
                events.Add(new RecordedEvent(fields[0][0], int.Parse(fields[1], null), frame));
            }
        }

        return [.. cases.Select(static read => read with { Events = WithoutRepeats(read.Events) })];
    }

    /// <summary>An exchange that was had again because its answer was not yet the one that was waited for is left out;
    /// the last one stays, as one that may be repeated.</summary>
    private static List<RecordedEvent> WithoutRepeats(IReadOnlyList<RecordedEvent> events)
    {
        List<RecordedEvent?> kept = [.. events];
        Dictionary<(int Connection, int Correlation), int> requests = [];
        List<(int Request, int Answer)> before = []; // since something was changed
        for (int i = 0; i < events.Count; i++)
        {
            RecordedEvent step = events[i];
            if (step.Kind == RecordedEvent.Request)
            {
                requests[(step.Number, ReplayFrames.CorrelationOf(step.Frame, sizeof(int)))] = i;
            }
            else if (step.Kind is RecordedEvent.Answer or RecordedEvent.AnswerAfterRepeats
                && requests.TryGetValue((step.Number, ReplayFrames.CorrelationOf(step.Frame, 0)), out int asked))
            {
                byte[] request = events[asked].Frame;
                int same = before.FindIndex(other => ReplayFrames.AreSame(events[other.Request].Frame, request));
                if (same >= 0 && (ReplayFrames.OnlyReads(request)
                    || ReplayFrames.SaysNotYet(ReplayFrames.Decode(request, events[before[same].Answer].Frame))))
                {
                    kept[before[same].Request] = kept[before[same].Answer] = null;
                    kept[i] = step with { Kind = RecordedEvent.AnswerAfterRepeats };
                    before.RemoveAt(same);
                }
                else if (!ReplayFrames.OnlyReads(request))
                {
                    before.Clear();
                }

                before.Add((asked, i));
            }
        }

        return [.. kept.OfType<RecordedEvent>()];
    }

    public override string ToString() => Name;
}
