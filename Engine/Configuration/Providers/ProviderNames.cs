using Engine.Mail;

namespace Engine.Configuration.Providers;

/// <summary>Finds the provider that a person means: by id, one of its hosts or domains, or words of its name.</summary>
internal static class ProviderNames
{
    public static Provider? Find(ProviderBook book, string text)
    {
        text = text.Trim();
        var words = Words(text);
        return book.Find(text.ToLowerInvariant())
            ?? (text.Contains('.', StringComparison.Ordinal) ? book.OfExchanger(text) : null)
            ?? (DomainName.TryParse(text, out var domain) ? book.OfDomain(domain) : null)
            ?? (words.Count == 0 ? null : book.Providers.FirstOrDefault(provider => words.IsSubsetOf(Words(provider.Name).Append(provider.Id))))
            ?? book.Providers.FirstOrDefault(provider => words.Contains(provider.Id));
    }

    private static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var start = -1;
        for (var index = 0; index <= text.Length; index++)
        {
            var isLetter = index < text.Length && char.IsLetterOrDigit(text[index]);
            if (isLetter)
            {
                start = start < 0 ? index : start;
            }
            else if (start >= 0)
            {
                words.Add(text[start..index]);
                start = -1;
            }
        }

        return words;
    }
}
