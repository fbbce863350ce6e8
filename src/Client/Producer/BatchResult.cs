using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Producer;

/// <summary>How a batch ended.</summary>
/// <param name="Error">None when it is acknowledged.</param>
/// <param name="Message">The broker's words, if it had any.</param>
/// <param name="BaseOffset">Offset of the first record; -1 with acks=0.</param>
/// <param name="LogAppendTimeMs">-1 unless the topic keeps the broker's time.</param>
internal readonly record struct BatchResult(ErrorCode Error, string? Message, long BaseOffset, long LogAppendTimeMs);
