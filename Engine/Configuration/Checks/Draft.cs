using Engine.Configuration.Binding;
using Engine.Configuration.Reading;

namespace Engine.Configuration.Checks;

/// <summary>
/// A configuration that is bound but not yet believed. Checks see texts that may not have their form (already reported), so they parse, and
/// pass over what does not parse.
/// </summary>
/// <param name="Options">What was bound.</param>
/// <param name="Directory">Where relative paths start.</param>
/// <param name="Written">The tree it was bound from.</param>
/// <param name="Report">Where faults go.</param>
internal sealed record Draft(EngineOptions Options, string Directory, Setting Written, Report Report)
{
    public string PathTo(string file) => Path.GetFullPath(file, Path.GetFullPath(Directory));

    /// <summary>Whether a key stands there, with whatever value: one that is wrong has been reported, and is not missing.</summary>
    public bool IsWritten(JsonPath path) => Written.Nearest(path).Written;

    public bool HasAccount(string name) => name == AccountOptions.LocalName || Options.Accounts.ContainsKey(name);

    /// <summary>Reports a name that dangles.</summary>
    public void Known(JsonPath path, string kind, string name, IEnumerable<string> names)
    {
        var known = names.ToList();
        if (!known.Contains(name, StringComparer.Ordinal))
        {
            Report.Add(path, $"the {kind} '{name}' does not exist{NearestName.Hint(name, known)}");
        }
    }

    /// <summary>Reports an account that does not exist.</summary>
    public void KnownAccount(JsonPath path, string name)
    {
        if (!HasAccount(name))
        {
            Known(path, "account", name, Options.Accounts.Keys);
        }
    }
}
