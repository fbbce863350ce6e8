namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>One line of a recording.</summary>
/// <param name="Kind">See record.py.</param>
/// <param name="Number">Of the connection; of a pause its length in ms.</param>
/// <param name="Frame">A request or an answer without its length.</param>
internal readonly record struct RecordedEvent(char Kind, int Number, byte[] Frame)
{
    public const char Request = '>';
    public const char Answer = '<';
    public const char AnswerAfterRepeats = '~';
    public const char BrokerCloses = 'x';
    public const char ClientCloses = 'c';
    public const char Pause = 'w';
}
