using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Routing;

namespace Engine.Delivery.Trust;

/// <summary>What is known of a host before a session with it is opened.</summary>
/// <param name="Host">Its name; of a literal, its text.</param>
/// <param name="Configured">What we ask of everybody, or of this relay.</param>
/// <param name="Wish">What the message asks.</param>
/// <param name="Requirement">What the recipient domain asks; None for relays and routes.</param>
/// <param name="Dane">The host's TLSA records; None where nobody may ask for them.</param>
/// <param name="IsNameSure">An operator wrote the name, or it is the recipient domain itself: nobody can have put another in its place.</param>
internal readonly record struct HostFacts(string Host, TlsPolicy Configured, TlsWish Wish, TlsRequirement Requirement, DaneAnswer Dane, bool IsNameSure);
