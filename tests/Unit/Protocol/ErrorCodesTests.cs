using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Protocol;

public sealed class ErrorCodesTests
{
    [Theory]
    [InlineData(ErrorCode.UnknownServerError, "UNKNOWN_SERVER_ERROR", false)]
    [InlineData(ErrorCode.None, "NONE", false)]
    [InlineData(ErrorCode.NotLeaderOrFollower, "NOT_LEADER_OR_FOLLOWER", true)]
    [InlineData(ErrorCode.InvalidTopic, "INVALID_TOPIC_EXCEPTION", false)]
    [InlineData(ErrorCode.UnknownTopicId, "UNKNOWN_TOPIC_ID", true)]
    [InlineData(ErrorCode.OutOfOrderSequenceNumber, "OUT_OF_ORDER_SEQUENCE_NUMBER", false)]
    [InlineData((ErrorCode)999, "UNKNOWN(999)", false)]
    public void Code_HasKafkasNameAndRetriability(ErrorCode code, string name, bool isRetriable)
    {
        Assert.Equal(name, ErrorCodes.KafkaName(code));
        Assert.Equal(isRetriable, ErrorCodes.IsRetriable(code));
    }

    [Fact]
    public void EveryCode_ButNone_HasASentence() =>
        Assert.All(Enum.GetValues<ErrorCode>().Where(code => code != ErrorCode.None), code =>
        {
            string message = ErrorCodes.Message(code);
            Assert.EndsWith(".", message, StringComparison.Ordinal);
            Assert.True(char.IsUpper(message[0]) || message.StartsWith("acks", StringComparison.Ordinal), message);
        });
}
