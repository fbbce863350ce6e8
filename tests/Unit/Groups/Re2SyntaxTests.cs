using System.Text.RegularExpressions;
using KRaftSharp.Broker.Groups.Consumer;

namespace KRaftSharp.Tests.Unit.Groups;

/// <summary>Regular expressions of subscriptions: RE2's syntax, whole names.</summary>
public sealed class Re2SyntaxTests
{
    [Theory]
    [InlineData("orders.*", "orders-eu", true)]
    [InlineData("orders", "orders-eu", false)]
    [InlineData("a|b", "ab", false)]
    [InlineData("(?i)Orders", "ORDERS", true)]
    [InlineData("(?i:O)rders", "oRDERS", false)]
    [InlineData("(?P<kind>[a-z]+)-(?<no>\\d+)", "log-17", true)]
    [InlineData("[[:alpha:]]+", "abc", true)]
    [InlineData("[[:^digit:]]+", "a1", false)]
    [InlineData("[a-z-[aeiou]]+", "b]", true)]
    [InlineData("\\Qa.b\\E.*", "a.bc", true)]
    [InlineData("\\Qa.b", "axb", false)]
    [InlineData("\\p{Lu}\\pL+", "Abc", true)]
    [InlineData("\\p{Greek}*x", "x", true)]
    [InlineData("\\P{Latin}+", "123", true)]
    [InlineData("a{2,3}", "aaa", true)]
    [InlineData("a{,3}", "a{,3}", true)]
    [InlineData("a+?b*?", "aab", true)]
    [InlineData("(?U)a+", "aaa", true)]
    [InlineData("\\x61\\x{62}\\143", "abc", true)]
    [InlineData("(|a)*b", "aab", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("x\\.y\\-z", "x.y-z", true)]
    public void Expression_OfRe2_MatchesWholeNames(string regex, string name, bool expected)
    {
        string? translated = Re2Syntax.Translate(regex, out string? error);

        Assert.Null(error);
        Assert.Equal(expected, Regex.IsMatch(name, $"^(?:{translated})$", RegexOptions.NonBacktracking));
        Assert.Null(TopicSubscriptions.WhyInvalid(regex));
    }

    [Theory]
    [InlineData("[broken")]
    [InlineData("a)(b")]
    [InlineData("(a")]
    [InlineData("*a")]
    [InlineData("a**")]
    [InlineData("a{1001}")]
    [InlineData("a{3,2}")]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    [InlineData("(?>a)")]
    [InlineData("(?#note)a")]
    [InlineData("(?x)a")]
    [InlineData("(a)\\1")]
    [InlineData("\\Z")]
    [InlineData("\\G")]
    [InlineData("[[:nope:]]")]
    [InlineData("[z-a]")]
    [InlineData("a\\")]
    [InlineData("(?P<1 >a)")]
    [InlineData("\\x6")]
    public void Expression_ThatRe2HasNot_IsRefused(string regex) =>
        Assert.NotNull(TopicSubscriptions.WhyInvalid(regex));
}
