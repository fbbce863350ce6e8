using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Hosting;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Tests.Unit.Configs;

/// <summary>KIP-412: levels of loggers that change while the node runs.</summary>
public sealed class LogLevelsTests
{
    [Fact]
    public void Set_ReachesLoggersBelow_ButNotThoseWithALevelOfTheirOwn()
    {
        LogLevels levels = new();
        LogThreshold upper = levels.For("a.b");
        LogThreshold lower = levels.For("a.b.c");
        LogThreshold similar = levels.For("a.bc");
        levels.Set("a.b", LogLevel.Debug);
        Assert.Equal((LogLevel.Debug, LogLevel.Debug, LogLevel.Information), (upper.Level, lower.Level, similar.Level));
        levels.Set("a.b.c", LogLevel.Error);
        levels.Set("a.b", LogLevel.Trace);
        Assert.Equal((LogLevel.Trace, LogLevel.Error), (upper.Level, lower.Level));
        levels.Unset("a.b.c");
        Assert.Equal(LogLevel.Trace, lower.Level);
        levels.Unset("a.b");
        Assert.Equal(LogLevel.Information, lower.Level);
    }

    [Fact]
    public void Root_IsNamedLikeALogger_AndCannotBeUnset()
    {
        LogLevels levels = new(LogLevel.Warning);
        LogThreshold logger = levels.For("a");
        levels.Set(LogLevels.Root, LogLevel.Critical);
        Assert.Equal(LogLevel.Critical, logger.Level);
        levels.Unset(LogLevels.Root);
        Assert.Equal(LogLevel.Critical, logger.Level);
        Assert.True(levels.Exists("root") && levels.Exists("a"));
        Assert.False(levels.Exists("b") || levels.Exists("ROOT"));
        Assert.Equal([new("a", "FATAL"), new("root", "FATAL")], levels.All);
    }

    [Fact]
    public void Parse_KnowsKafkasNames_InUpperCaseOnly()
    {
        foreach (string name in LogLevels.Names)
        {
            Assert.Equal(name, LogLevels.NameOf(LogLevels.Parse(name)!.Value));
        }

        Assert.Null(LogLevels.Parse("debug"));
        Assert.Null(LogLevels.Parse("OFF"));
        Assert.Null(LogLevels.Parse(null));
    }

    [Fact]
    public void Lines_FollowTheLevelAtOnce()
    {
        LogLevels levels = new();
        StringWriter output = new();
        using LineLoggerFactory factory = new(output, levels, TimeProvider.System);
        ILogger logger = factory.CreateLogger("a");
        Assert.False(logger.IsEnabled(LogLevel.Debug));
        levels.Set("a", LogLevel.Debug);
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Assert.False(logger.IsEnabled(LogLevel.Trace));
    }
}
