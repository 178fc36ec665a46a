using Engine.Dkim;
using Engine.Mail;

namespace Engine.Tests.Dkim;

/// <summary>What tests ask of a ring.</summary>
internal static class KeyRingAnswers
{
    /// <summary>True when a key that should sign this domain's mail cannot be had.</summary>
    public static bool IsBroken(this KeyRing ring, DomainName headerFrom) => !ring.TryFind(headerFrom, out _);
}
