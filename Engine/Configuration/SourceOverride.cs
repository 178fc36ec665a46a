using System.Globalization;
using Engine.Configuration.Binding;
using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Keys of overrides that say what a source does: <c>source.drain.NAME</c>, <c>source.disable.NAME</c>, <c>warmup.hold.NAME</c>, <c>warmup.step.NAME[/OPERATOR]</c>.</summary>
internal static class SourceOverride
{
    /// <summary>Value of a step that is none any more.</summary>
    public const string Warm = "warm";

    /// <summary>Longest name of an operator: a destination may be named by a domain. RFC 1035 §2.3.4.</summary>
    private const int MaxOperator = 255;

    private const int MaxStep = 366;
    private const string DrainPrefix = "source.drain.";
    private const string DisablePrefix = "source.disable.";
    private const string HoldPrefix = "warmup.hold.";
    private const string StepPrefix = "warmup.step.";

    /// <summary>It takes no new mail; what is in flight ends. Value <c>true</c>.</summary>
    public static string Drain(string source) => DrainPrefix + source;

    /// <summary>It is as if it were not there. Value <c>true</c>.</summary>
    public static string Disable(string source) => DisablePrefix + source;

    /// <summary>Its warm-up advances at no operator. Value <c>true</c>.</summary>
    public static string HoldWarmup(string source) => HoldPrefix + source;

    /// <summary>Its warm-up was put at a step, at one operator or at all (null). Value: the day of the plan from 1, or <see cref="Warm"/>.</summary>
    public static string WarmupStep(string source, string? of = null) => of is null ? StepPrefix + source : $"{StepPrefix}{source}/{of}";

    /// <summary>The source that a hold of warm-up names; null when the key is none.</summary>
    public static string? HeldSource(string key) => Behind(key, HoldPrefix);

    /// <summary>Reads an order to put warm-up at a step.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="source">The source.</param>
    /// <param name="of">The operator; null means all.</param>
    /// <param name="step">From 0; <see cref="int.MaxValue"/> is warm.</param>
    public static bool TryReadStep(string key, string value, out string source, out string? of, out int step)
    {
        (source, of, step) = (string.Empty, null, 0);
        return key.StartsWith(StepPrefix, StringComparison.Ordinal) && IsStepKey(key[StepPrefix.Length..], out source, out of) && IsStep(value, out step);
    }

    public static bool Takes(string key, string value) =>
        key.StartsWith(StepPrefix, StringComparison.Ordinal) ? TryReadStep(key, value, out _, out _, out _) : IsKnown(key) && value == "true";

    /// <summary>Whether this is a key that means something; the names in it need not exist.</summary>
    public static bool IsKnown(string key) =>
        Behind(key, DrainPrefix) is not null
        || Behind(key, DisablePrefix) is not null
        || Behind(key, HoldPrefix) is not null
        || (key.StartsWith(StepPrefix, StringComparison.Ordinal) && IsStepKey(key[StepPrefix.Length..], out _, out _));

    private static string? Behind(string key, string prefix) =>
        key.StartsWith(prefix, StringComparison.Ordinal) && IsName(key[prefix.Length..]) ? key[prefix.Length..] : null;

    private static bool IsStepKey(string text, out string source, out string? of)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        (source, of) = slash < 0 ? (text, null) : (text[..slash], text[(slash + 1)..]);
        return IsName(source) && (of is null || (of.Length is > 0 and <= MaxOperator && !of.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))));
    }

    private static bool IsStep(string value, out int step)
    {
        step = int.MaxValue;
        if (value == Warm)
        {
            return true;
        }

        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day is >= 1 and <= MaxStep;
        step = day - 1;
        return isNumber;
    }

    private static bool IsName(string text) => TextForms.Name(KeyForm.Name, text) is not null;
}
