using Engine.Mail;

namespace Engine.Configuration.Reading;

/// <summary>What a fault spoils, by the path it stands at: everything, one account, or one domain.</summary>
/// <param name="root">The merged tree, for the domain that a <c>dkim.also</c> key belongs to.</param>
internal sealed class ScopeRule(Setting? root)
{
    /// <summary>The scope, and the account or domain; a domain in its one form where it has one.</summary>
    public (FindingScope Scope, string? Subject) Of(JsonPath path) => path.Steps switch
    {
        [{ Name: "accounts" }, { Name: { } account }, ..] => (FindingScope.Account, account),

        // All others inherit from "*", so a fault there is everybody's.
        [{ Name: "domains" }, { Name: { } domain and not "*" }, ..] => (FindingScope.Domain, OneForm(domain) ?? domain),
        [{ Name: "dkim" }, { Name: "also" }, { Name: null, Index: var index }, ..] when AlsoDomain(index) is { } domain =>
            (FindingScope.Domain, domain),
        _ => (FindingScope.Core, null),
    };

    private string? AlsoDomain(int index)
    {
        var also = root?.Find("dkim")?.Value.Find("also")?.Value.Items;
        return also is { } items && index < items.Length && items[index].Find("domain") is { Value.Text: var text } ? OneForm(text) : null;
    }

    private static string? OneForm(string text) => DomainName.TryParse(text, out var domain) ? domain.Name : null;
}
