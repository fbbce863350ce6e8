using System.Globalization;
using System.Text;

namespace KRaftSharp.Chaos.Report;

/// <summary>The few shapes that a timeline needs.</summary>
internal sealed class Svg(int width, int height)
{
    private readonly StringBuilder _body = new();

    public void Rectangle(double x, double y, double wide, double high, string fill, string? title = null) =>
        _body.AppendLine(CultureInfo.InvariantCulture,
            $"<rect x='{x:F1}' y='{y:F1}' width='{Math.Max(wide, 0):F1}' height='{high:F1}' fill='{fill}'>"
            + $"{(title is null ? "" : $"<title>{Escaped(title)}</title>")}</rect>");

    public void Line(double x1, double y1, double x2, double y2, string stroke) => _body.AppendLine(
        CultureInfo.InvariantCulture,
        $"<line x1='{x1:F1}' y1='{y1:F1}' x2='{x2:F1}' y2='{y2:F1}' stroke='{stroke}' stroke-width='1'/>");

    /// <summary>Interrupted where a point is missing.</summary>
    public void Curve(IEnumerable<(double X, double? Y)> points, string stroke)
    {
        StringBuilder path = new();
        bool isOpen = false;
        foreach ((double x, double? y) in points)
        {
            if (y is { } known)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? 'L' : 'M')}{x:F1} {known:F1}");
            }

            isOpen = y is not null;
        }

        _body.AppendLine($"<path d='{path}' fill='none' stroke='{stroke}' stroke-width='1.5'/>");
    }

    public void Text(double x, double y, string text, string anchor = "start", string fill = "#333", int size = 12) =>
        _body.AppendLine(CultureInfo.InvariantCulture,
            $"<text x='{x:F1}' y='{y:F1}' text-anchor='{anchor}' fill='{fill}' font-size='{size}'>"
            + $"{Escaped(text)}</text>");

    public override string ToString() =>
        $"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}' "
        + $"font-family='sans-serif'>\n<rect width='{width}' height='{height}' fill='white'/>\n{_body}</svg>\n";

    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
