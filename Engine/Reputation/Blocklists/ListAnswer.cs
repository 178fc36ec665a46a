namespace Engine.Reputation.Blocklists;

/// <summary>One answer of a list, judged.</summary>
/// <param name="Verdict">What it says.</param>
/// <param name="Meaning">Codes and what they mean, such as <c>127.0.0.2 SBL, 127.0.0.4 XBL</c>; empty for "no" and silence.</param>
/// <param name="Ttl">What is left of the listing in the resolver's cache; zero unless listed.</param>
/// <param name="NegativeTtl">How long the resolver keeps a "no"; null for other answers and without an SOA.</param>
internal readonly record struct ListAnswer(ListVerdict Verdict, string Meaning, TimeSpan Ttl, TimeSpan? NegativeTtl = null)
{
    public static readonly ListAnswer Silence = new(ListVerdict.NoAnswer, string.Empty, TimeSpan.Zero);

    /// <summary>The list has an entry, whatever it means: what a test point must have.</summary>
    public bool HasEntry => Verdict is ListVerdict.Listed or ListVerdict.Other;
}
