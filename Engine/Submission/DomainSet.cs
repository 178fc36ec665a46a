using System.Collections.Frozen;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>Domains an account may send from: names, <c>.name</c> for everything below a name, <c>*</c> for any. Immutable.</summary>
internal sealed class DomainSet
{
    private readonly FrozenSet<DomainName> _exact;
    private readonly DomainName[] _parents;

    public DomainSet(IReadOnlyList<string> patterns)
    {
        IsAny = patterns.Contains("*");
        _exact = patterns.Where(text => !text.StartsWith('.')).Select(Read).Where(domain => !domain.IsEmpty).ToFrozenSet();
        _parents = [.. patterns.Where(text => text.StartsWith('.')).Select(text => Read(text[1..])).Where(domain => !domain.IsEmpty)];
    }

    public bool IsAny { get; }

    public bool Allows(DomainName domain)
    {
        if (IsAny || _exact.Contains(domain))
        {
            return true;
        }

        foreach (var parent in _parents)
        {
            if (domain.IsBelow(parent))
            {
                return true;
            }
        }

        return false;
    }

    private static DomainName Read(string text) => DomainName.TryParse(text, out var domain) ? domain : default;
}
