using System.Globalization;
using System.Text.RegularExpressions;
using Engine.Mail;

namespace Engine.Classification;

/// <summary>A reply as people and logs write it, taken apart: code and enhanced code wherever they stand, lines joined, repeated codes removed.</summary>
/// <param name="Code">Reply code; 0 when there is none.</param>
/// <param name="Enhanced">Enhanced code; the default value for none.</param>
/// <param name="Text">The rest.</param>
internal readonly partial record struct RawReply(ushort Code, EnhancedCode Enhanced, string Text)
{
    /// <summary>
    /// Takes <c>550 5.1.1 no</c>, <c>550-5.1.1 no</c>, <c>550 #5.1.1 no</c>, several lines (also with <c>\n</c> written out), <c>host x said: 550 no</c>, and
    /// texts without any code. What stands before a quoted reply goes behind it, for rules begin with what the server said.
    /// </summary>
    public static RawReply Parse(string raw)
    {
        var text = raw.Replace("\\r", "\n", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Trim();
        var head = Head().Match(text);
        head = head.Success ? head : Quoted().Match(text);
        if (!head.Success)
        {
            return WithoutCode(text);
        }

        var code = head.Groups["code"].Value;
        var before = text[..head.Groups["code"].Index].TrimEnd('#', '<', '\'', '"', ' ');
        var after = text[(head.Index + head.Length)..];
        var enhanced = Start().Match(after);
        after = enhanced.Success ? after[enhanced.Length..] : after;

        var parsed = enhanced.Success ? EnhancedCode.Parse(enhanced.Groups["enhanced"].Value) : default;
        after = Repeated(code, enhanced.Groups["enhanced"].Value).Replace(after, " ");
        return new RawReply(ushort.Parse(code, CultureInfo.InvariantCulture), parsed, Joined($"{after} {before}"));
    }

    private static RawReply WithoutCode(string text)
    {
        var start = Start().Match(text);
        var enhanced = start.Success ? EnhancedCode.Parse(start.Groups["enhanced"].Value) : default;
        return new RawReply(0, enhanced, Joined(enhanced.IsPresent ? text[start.Length..] : text));
    }

    private static string Joined(string text) => Blanks().Replace(text, " ").Trim();

    // The code at the head of a further line, or of a line that was joined to the one before.
    private static Regex Repeated(string code, string enhanced) => new(
        enhanced.Length == 0 ? $@"\n\s*{code}[- ]\s*|(?<=\s){code}-\s*" : $@"(\n\s*{code}([- ]|$)|(?<=\s){code}[- ])\s*(#?{Regex.Escape(enhanced)}(?=\s|$))?",
        RegexOptions.CultureInvariant);

    [GeneratedRegex(@"\A#?(?<code>[245][0-9]{2})(?:[-\s:]\s*|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Head();

    // In a bounce, behind the words by which a server quotes another one.
    [GeneratedRegex(@"(?:said:|<<<|TO:|FROM:|DATA:|\bresponded:?|\bresponse:?|returned|error:|reason:|[^0-9.]: |\]:|[\['""])\s*[#'""<]?(?<code>[245][0-9]{2})[-\s:]\s*(?=[45]\.|[#<(\['""A-Za-z]|:)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\A\(?#?(?<enhanced>[245]\.[0-9]{1,3}\.[0-9]{1,3})\)?(?=[\s:,;-]|$)\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Start();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();
}
