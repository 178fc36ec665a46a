namespace Engine.Mail;

/// <summary>
/// Who runs a destination, as limits and control name it: <c>google</c> for a provider behind all its hosts, <c>proofpoint:mx1.acme.example</c> for a
/// vendor whose customers' hosts share nothing, <c>mx.example.net</c> for a destination of no named provider, <c>relay:NAME</c> for a relay.
/// </summary>
internal static class OperatorName
{
    /// <summary>The provider's id in an operator's name; for one of no provider the name itself, which no provider has.</summary>
    public static string ProviderIn(string operatorName)
    {
        var colon = operatorName.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? operatorName : operatorName[..colon];
    }

    /// <summary>Of a group of a provider's hosts.</summary>
    public static string OfHosts(string provider, string name) => $"{provider}:{name}";

    /// <summary>
    /// Of a set of exchangers of no provider. A set of several hosts is marked: who lists another's host first must not pass for him. A name
    /// without a dot could be a provider's id.
    /// </summary>
    /// <param name="name">The set's name.</param>
    /// <param name="set">All its hosts, in one form.</param>
    /// <param name="hosts">How many.</param>
    public static string OfSet(string name, string set, int hosts)
    {
        var mark = hosts > 1 ? $"+{Mark(set):x6}" : string.Empty;
        return name.Contains('.', StringComparison.Ordinal) ? name + mark : $"mx:{name}{mark}";
    }

    // FNV-1a, folded: the same after every restart, for state is kept by it.
    private static uint Mark(string set)
    {
        var hash = 2_166_136_261u;
        foreach (var letter in set)
        {
            hash = (hash ^ letter) * 16_777_619u;
        }

        return (hash ^ (hash >> 24)) & 0xFFFFFF;
    }
}
