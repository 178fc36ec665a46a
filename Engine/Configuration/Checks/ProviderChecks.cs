using Engine.Configuration.Providers;
using Engine.Configuration.Reading;

namespace Engine.Configuration.Checks;

/// <summary>What engine.json says of providers: limits that match one name one that exists.</summary>
internal static class ProviderChecks
{
    /// <param name="draft">The configuration.</param>
    /// <param name="own">The operator's data; null where there is none, or it is faulty and has been reported.</param>
    /// <returns><paramref name="own"/>.</returns>
    public static ProviderBook? Run(Draft draft, ProviderBook? own)
    {
        foreach (var (name, limit) in draft.Options.Limits)
        {
            if (limit.Match.TryGetValue(LimitDimension.Provider, out var provider) && provider.Length > 0 && (own is not null || draft.Options.Providers.File is null))
            {
                var book = own ?? ProviderBook.Shipped;
                draft.Known(JsonPath.Root["limits"][name]["match"]["provider"], "provider", provider, book.Providers.Select(known => known.Id));
            }
        }

        return own;
    }
}
