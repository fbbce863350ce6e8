using KRaftSharp.Client.Configuration;

namespace KRaftSharp.Tests.Unit.Client.Configuration;

public sealed class PropertyFileTests
{
    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("  a : b ", "a", "b ")]
    [InlineData("a b=c", "a", "b=c")]
    [InlineData("a=", "a", "")]
    [InlineData("a", "a", "")]
    [InlineData("a\\ b=c", "a b", "c")]
    [InlineData("a\\=b=c", "a=b", "c")]
    [InlineData("a=one \\\n   two", "a", "one two")]
    [InlineData("a=x\\\\\nb=y", "a", "x\\")]
    [InlineData("a=\\u00e9\\t\\n", "a", "é\t\n")]
    [InlineData("a=\\u00g9", "a", "u00g9")]
    [InlineData("# no\n! no\n\na=b\r\n", "a", "b")]
    [InlineData("a=1\na=2", "a", "2")]
    [InlineData("a=b\\", "a", "b")]
    public void Lines_AreReadAsJavaReadsThem(string text, string key, string value) =>
        Assert.Equal(value, PropertyFile.Parse(text)[key]);

    [Fact]
    public void Comments_AreNoEntries() => Assert.Empty(PropertyFile.Parse("#a=b\n  ! c=d\n\n"));
}
