using System.Text;

namespace KRaftSharp.Protocol.Generator.Emit;

/// <summary>Indented lines of C#.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line)
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(line);
        }

        _text.Append('\n');
    }

    public void Open(string head)
    {
        if (head.Length > 0)
        {
            Line(head);
        }

        Line("{");
        _depth++;
    }

    public void Close(string tail = "")
    {
        _depth--;
        Line("}" + tail);
    }

    /// <summary>Lines of <paramref name="body"/>, under a condition unless that is empty.</summary>
    public void When(string condition, Action body)
    {
        if (condition.Length == 0)
        {
            body();
            return;
        }

        Open($"if ({condition})");
        body();
        Close();
    }

    public override string ToString() => _text.ToString();
}
