using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Mail;

namespace Engine.Configuration.Checks;

/// <summary>What comes back: keys that are long enough, the suppression list's too; links that receivers call, return paths that are domains.</summary>
internal static class FeedbackChecks
{
    private static readonly string[] Forwarded = ["postmaster", "abuse"];

    public static void Run(Draft draft)
    {
        var (feedback, path) = (draft.Options.Feedback, JsonPath.Root["feedback"]);
        if (feedback.TokenKeys is { } keys)
        {
            Keys(draft, path["tokenKeys"], keys);
        }
        else
        {
            NeedsKeys(draft, path, feedback);
        }

        if (draft.Options.Suppression.KeyFile is { } file)
        {
            SecretFileCheck.Length(draft, JsonPath.Root["suppression"]["keyFile"], file, SuppressionOptions.MinKeyLength);
        }

        if (feedback.Unsubscribe is { } unsubscribe && draft.IsWritten(path["unsubscribe"]["url"]))
        {
            Url(draft, path["unsubscribe"]["url"], unsubscribe.Url);
        }

        foreach (var name in feedback.Forward.Keys)
        {
            if (!Forwarded.Contains(name, StringComparer.Ordinal))
            {
                draft.Report.Add(path["forward"][name], $"expected \"postmaster\" or \"abuse\"{NearestName.Hint(name, Forwarded)}");
            }
        }

        ReturnPaths(draft, path["returnPath"], feedback.ReturnPath ?? ReturnPathDomains.PresetOf(draft.Options.Hostname));
    }

    private static void Keys(Draft draft, JsonPath path, TokenKeyOptions options)
    {
        if (draft.IsWritten(path["active"]))
        {
            draft.Known(path["active"], "key", options.Active, options.Keys.Keys);
        }

        if (options.Keys.Count > TokenRing.MaxKeys)
        {
            draft.Report.Add(path["keys"], $"expected at most {TokenRing.MaxKeys} keys, found {options.Keys.Count}: take out those nothing on its way was signed with");
        }

        foreach (var (name, file) in options.Keys)
        {
            SecretFileCheck.Length(draft, path["keys"][name], file, TokenRing.MinSecret);
        }
    }

    private static void NeedsKeys(Draft draft, JsonPath path, FeedbackOptions feedback)
    {
        if (feedback.Verp is Verp.Recipient or Verp.Message)
        {
            draft.Report.Add(path["verp"], "needs 'feedback.tokenKeys': return paths are signed");
        }

        if (feedback.Unsubscribe is not null)
        {
            draft.Report.Add(path["unsubscribe"], "needs 'feedback.tokenKeys': links are signed");
        }
    }

    private static void Url(Draft draft, JsonPath path, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme != Uri.UriSchemeHttps
            || url.Host.Length == 0
            || url.Query.Length > 0
            || url.Fragment.Length > 0
            || url.UserInfo.Length > 0
            || text.Length > 200
            || text.AsSpan().ContainsAnyExceptInRange('!', '~')
            || text.AsSpan().ContainsAny("<>,\""))
        {
            draft.Report.Add(path, $"expected an https URL without query, of at most 200 characters, such as \"https://u.example.com\", found \"{text}\"");
        }
    }

    private static void ReturnPaths(Draft draft, JsonPath path, string preset)
    {
        if (preset.Length > ReturnPathDomain.MaxLength)
        {
            draft.Report.Add(path, $"expected at most {ReturnPathDomain.MaxLength} characters: a token stands before it");
        }

        foreach (var (name, domain) in draft.Options.Domains)
        {
            if (domain.ReturnPath is not { } pattern)
            {
                continue;
            }

            var sample = pattern.Replace(ReturnPathDomains.Placeholder, name == "*" ? "example.com" : name, StringComparison.Ordinal);
            if (!DomainName.TryParse(sample, out var made) || made.Name.Length > ReturnPathDomain.MaxLength)
            {
                draft.Report.Add(
                    JsonPath.Root["domains"][name]["returnPath"],
                    $"expected a domain of at most {ReturnPathDomain.MaxLength} characters such as \"bounce.{{domain}}\", found \"{pattern}\"");
            }
        }
    }
}
