using System.Text.RegularExpressions;

namespace Engine.Configuration.Reading;

/// <summary>Puts the environment into texts: <c>${NAME}</c>.</summary>
/// <param name="lookup">Gives the value of a variable, or null.</param>
internal sealed partial class EnvironmentText(Func<string, string?> lookup)
{
    /// <summary>The text with every <c>${NAME}</c> replaced.</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="fault">What is wrong, for a finding: a variable that is not set, or a reference that is none; else null.</param>
    public string Expand(string text, out string? fault)
    {
        string? wrong = null;
        var expanded = Reference().Replace(text, match =>
        {
            var name = match.Groups["name"];
            if (!name.Success)
            {
                wrong ??= $"expected \"${{NAME}}\" with the name of an environment variable, found \"{text}\"";
                return match.Value;
            }

            var value = lookup(name.Value);
            wrong ??= value is null ? $"the environment variable {name.Value} is not set" : null;
            return value ?? match.Value;
        });
        fault = wrong;
        return expanded;
    }

    [GeneratedRegex(@"\$\{(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)\})?", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
