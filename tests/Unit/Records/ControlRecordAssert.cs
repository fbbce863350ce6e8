using System.Text.Json;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Records;

/// <summary>Compares a control record with what Apache Kafka read in it.</summary>
internal static class ControlRecordAssert
{
    public static void Matches(string expectedType, JsonElement expected, RecordView record)
    {
        Assert.True(ControlRecords.TryReadKey(record.Key, out ControlRecordType type));
        Assert.Equal(expectedType.Replace("_", "", StringComparison.Ordinal), type.ToString(), ignoreCase: true);
        if (type is ControlRecordType.Abort or ControlRecordType.Commit)
        {
            Assert.True(ControlRecords.TryReadEndTxnMarker(record.Value, out int coordinatorEpoch));
            Assert.Equal(expected.GetProperty("coordinatorEpoch").GetInt32(), coordinatorEpoch);
        }
    }
}
