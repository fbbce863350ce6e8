namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>Times of a recording, moved to now.</summary>
internal sealed class RecordedTime(long recordedAtMs, long nowMs)
{
    private const long HourMs = 3_600_000;

    // How long a conversation takes at most, there or here.
    private const long NearMs = 300_000;

    private readonly long _shiftMs = nowMs - recordedAtMs;

    /// <summary>Times up to some hours from the recording move with it; others mean themselves.</summary>
    public long Translate(long recordedMs) =>
        Math.Abs(recordedMs - recordedAtMs) < 4 * HourMs ? recordedMs + _shiftMs : recordedMs;

    /// <summary>Whether one may stand for the other: the same, or both of them now.</summary>
    public bool AreSame(long recordedMs, long oursMs) =>
        recordedMs == oursMs || Translate(recordedMs) == oursMs || AreNear(Translate(recordedMs), oursMs);

    /// <summary>Whether both are now.</summary>
    public bool AreNear(long translatedMs, long oursMs) =>
        Math.Abs(translatedMs - nowMs) < NearMs && Math.Abs(oursMs - nowMs) < NearMs;
}
