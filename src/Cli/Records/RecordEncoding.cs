namespace KRaftSharp.Cli.Records;

/// <summary>How bytes of records are written as text.</summary>
internal enum RecordEncoding
{
    String,
    Json,
    Hex,
    Msgpack,
}
