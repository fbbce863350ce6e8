using System.Text;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

internal static class RecordTexts
{
    /// <summary>Offset and value of every record of a batch; none of a control batch.</summary>
    public static List<(long Offset, string Value)> Of(RecordBatchView batch)
    {
        var found = new List<(long, string)>(batch.RecordCount);
        if (batch.IsControl)
        {
            return found;
        }

        using var reader = new RecordReader(batch);
        while (reader.MoveNext())
        {
            found.Add((reader.Current.Offset, Encoding.UTF8.GetString(reader.Current.Value)));
        }

        return found;
    }

    /// <summary>Which end of a transaction a control batch marks; null for another batch.</summary>
    public static ControlRecordType? MarkerOf(RecordBatchView batch)
    {
        if (!batch.IsControl)
        {
            return null;
        }

        using var reader = new RecordReader(batch);
        return reader.MoveNext() && ControlRecords.TryReadKey(reader.Current.Key, out ControlRecordType type)
            && type is ControlRecordType.Commit or ControlRecordType.Abort
                ? type
                : null;
    }
}
