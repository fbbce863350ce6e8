namespace KRaftSharp.Protocol.Generator.Model;

internal enum MessageKind
{
    Request,
    Response,
    Header,
    Data,
    Metadata,
    RemoteLog,
    GroupKey,
    GroupValue,
    TransactionKey,
    TransactionValue,
    ShareKey,
    ShareValue,
}
