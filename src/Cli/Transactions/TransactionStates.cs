using KRaftSharp.Cli.Output;

namespace KRaftSharp.Cli.Transactions;

/// <summary>States of transactions in colours.</summary>
internal static class TransactionStates
{
    public static Cell Of(string state) => ((Cell)state).As(state switch
    {
        "Empty" or "CompleteCommit" or "CompleteAbort" => Tone.Dim,
        "Ongoing" => Tone.Good,
        _ => Tone.Warning,
    });
}
