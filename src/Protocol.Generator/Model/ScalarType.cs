namespace KRaftSharp.Protocol.Generator.Model;

internal enum ScalarType
{
    Bool,
    SByte,
    Short,
    Int,
    Long,
    UShort,
    UInt,
    Double,
    String,
    Uuid,
    Bytes,
    Records,
}
