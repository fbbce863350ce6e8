namespace KRaftSharp.Protocol.Records;

/// <summary>Collects the rejected records of a batch; allocates nothing while there are none.</summary>
internal struct RecordErrorList
{
    private List<RecordError>? _errors;
    private string? _noKey;
    private bool _hasInvalidTimestamp;

    public readonly bool IsEmpty => _errors is null;

    public void AddNoKey(int index, RecordValidationOptions options)
    {
        _noKey ??= "Compacted topic cannot accept message without key in topic partition "
            + $"{options.PartitionName}.";
        Add(index, _noKey);
    }

    public void AddOutOfRange(int index, in RecordView record, long nowMs, RecordValidationOptions options)
    {
        _hasInvalidTimestamp = true;
        long earliest = unchecked(nowMs - options.TimestampBeforeMaxMs);
        long latest = unchecked(nowMs + options.TimestampAfterMaxMs);
        Add(index, $"Timestamp {record.Timestamp} of message with offset {record.Offset} is out of range. "
            + $"The timestamp should be within [{earliest}, {latest}]");
    }

    public void AddTimestampType(int index, in RecordView record)
    {
        _hasInvalidTimestamp = true;
        Add(index, $"Invalid timestamp type in message with offset {record.Offset}. "
            + "Producer should not set timestamp type to LogAppendTime.");
    }

    public readonly RecordValidationResult ToResult(int errorsShown)
    {
        List<RecordError> errors = _errors ?? [];
        if (_hasInvalidTimestamp)
        {
            return RecordValidationResult.Refused(
                RecordFault.InvalidTimestamp,
                "One or more records have been rejected due to invalid timestamp",
                errors);
        }

        IEnumerable<string> shown = errors.Take(errorsShown).Select(e => $"{e.BatchIndex}: {e.Message}");
        return RecordValidationResult.Refused(
            RecordFault.InvalidRecord,
            $"One or more records have been rejected due to {errors.Count} record errors in total, and only showing "
            + $"the first three errors at most: [{string.Join(", ", shown)}]",
            errors);
    }

    private void Add(int index, string message) => (_errors ??= []).Add(new RecordError(index, message));
}
