using System.Globalization;
using System.Text;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>Reads a policy as a web server gave it. RFC 8461 §3.2. Bounded by what it is given; throws nothing.</summary>
/// <remarks>
/// Lines end with CRLF or LF. Unknown fields and lines that are no field are passed over, as are repeated ones but <c>mx</c>. Whatever is wrong with
/// a field we know makes the whole policy invalid: half a policy could keep mail from a host that its author meant to name.
/// </remarks>
internal ref struct StsPolicyReader
{
    /// <summary>Octets of a policy that are read. A bound of ours; policies in use have a few hundred.</summary>
    public const int MaxOctets = 64 * 1_024;

    /// <summary>Patterns of a policy. A bound of ours: more are kept from filling memory and reports; who has so many hosts has a wildcard.</summary>
    public const int MaxPatterns = 100;

    /// <summary>
    /// Letters of all patterns together. A bound of ours, about 16 names of the greatest length or a hundred usual ones: they are kept for up to a year and are part of every
    /// destination. RFC 8461 §3.3 lets a sender bound a policy (it suggests 64 KiB for the page); half a policy could keep mail from a host, so beyond it the policy is invalid.
    /// </summary>
    public const int MaxLetters = 4_096;

    private readonly SortedSet<string> _patterns = new(StringComparer.Ordinal);
    private bool _hasVersion;
    private StsMode? _mode;
    private TimeSpan? _maxAge;
    private string? _fault;
    private int _letters;

    private StsPolicyReader(string? fault) => _fault = fault;

    /// <param name="octets">The body.</param>
    /// <param name="fault">What is wrong, a few words of ours; null when nothing is.</param>
    /// <returns>Null when it is no policy.</returns>
    public static StsPolicy? Read(ReadOnlySpan<byte> octets, out string? fault)
    {
        if (octets.Length > MaxOctets)
        {
            fault = $"longer than {MaxOctets} octets";
            return null;
        }

        var reader = new StsPolicyReader(System.Text.Unicode.Utf8.IsValid(octets) ? null : "not UTF-8");
        var text = reader._fault is null ? Encoding.UTF8.GetString(octets) : string.Empty;
        foreach (var line in text.AsSpan().Split('\n'))
        {
            reader.Take(text.AsSpan()[line].TrimEnd(" \t\r"));
        }

        var policy = reader.End();
        fault = reader._fault;
        return policy;
    }

    private void Take(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        if (colon < 1 || _fault is not null)
        {
            return;
        }

        var value = line[(colon + 1)..].TrimStart(" \t");
        switch (line[..colon])
        {
            case "version" when !_hasVersion:
                _hasVersion = true;
                Refuse(value is not "STSv1", "its version is not STSv1");
                break;
            case "mode" when _mode is null:
                _mode = value switch { "enforce" => StsMode.Enforce, "testing" => StsMode.Testing, "none" => StsMode.None, _ => null };
                Refuse(_mode is null, "its mode is none of enforce, testing and none");
                break;
            case "max_age" when _maxAge is null:
                TakeAge(value);
                break;
            case "mx":
                TakePattern(value);
                break;
        }
    }

    private void TakeAge(ReadOnlySpan<char> value)
    {
        var isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && value.Length <= 10 && seconds <= StsPolicy.LongestAge.TotalSeconds;
        _maxAge = isNumber ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        Refuse(!isNumber, "its max_age is no number of seconds up to 31557600");
    }

    private void TakePattern(ReadOnlySpan<char> value)
    {
        var isWild = value.StartsWith("*.", StringComparison.Ordinal);
        if (!DomainName.TryParse((isWild ? value[2..] : value).ToString(), out var name) || name.Name.Length > 251)
        {
            Refuse(true, "one of its mx is neither a host name nor a wildcard as its first label");
            return;
        }

        var pattern = isWild ? $"*.{name}" : name.Name;
        _letters += _patterns.Add(pattern) ? pattern.Length : 0;
        Refuse(_letters > MaxLetters, $"its mx have more than {MaxLetters} letters");
        Refuse(_patterns.Count > MaxPatterns, $"it has more than {MaxPatterns} mx");
    }

    private StsPolicy? End()
    {
        Refuse(!_hasVersion, "it has no version");
        Refuse(_mode is null, "it has no mode");
        Refuse(_maxAge is null, "it has no max_age");
        Refuse(_mode is not StsMode.None && _patterns.Count == 0, "it has no mx");
        return _fault is null ? new StsPolicy(_mode!.Value, _maxAge!.Value) { Patterns = [.. _patterns] } : null;
    }

    // The first fault is told.
    private void Refuse(bool isWrong, string fault) => _fault ??= isWrong ? fault : null;
}
