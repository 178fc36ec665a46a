using Engine.Configuration;
using Engine.Dkim;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>A key that engine.json names: the engine revokes it, and never replaces it.</summary>
/// <param name="Selector">s=</param>
/// <param name="KeyType">k=; rsa when it is not loaded.</param>
/// <param name="Place">Under which key of engine.json.</param>
internal sealed record WrittenKey(string Selector, string KeyType, string Place)
{
    public const string Any = "domains.*.dkim";
    public const string Also = "dkim.also";

    /// <summary>Those that sign as a domain: its own entries, those of <c>dkim.also</c> with this d=, those of <c>*</c> where they sign for it.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="domain">d=</param>
    /// <param name="signers">What signs its mail now.</param>
    /// <param name="named">A selector that an operator named: then a key of <c>*</c> counts though it signs no more.</param>
    public static IReadOnlyList<WrittenKey> Of(Snapshot snapshot, DomainName domain, IReadOnlyList<SigningKey> signers, string? named)
    {
        var options = snapshot.Options;
        var own = options.Domains.GetValueOrDefault(domain.Name)?.Dkim ?? [];
        var any = own.Count > 0 ? [] : options.Domains.GetValueOrDefault("*")?.Dkim ?? [];
        return
        [
            .. own.Select(key => Make(key.Selector, $"domains.{domain}.dkim")),
            .. options.Dkim.Also.Where(key => DomainName.TryParse(key.Domain, out var signer) && signer == domain).Select(key => Make(key.Selector, Also)),
            .. any.Where(key => IsSame(key.Selector, named) || Signer(key.Selector) is not null).Select(key => Make(key.Selector, Any)),
        ];

        SigningKey? Signer(string selector) => signers.FirstOrDefault(key => key.Domain == domain && IsSame(key.Selector, selector));

        WrittenKey Make(string selector, string place) => new(selector, Signer(selector)?.KeyType ?? "rsa", place);
    }

    private static bool IsSame(string one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
