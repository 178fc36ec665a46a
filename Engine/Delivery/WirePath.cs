using Engine.Mail;

namespace Engine.Delivery;

/// <summary>A return path of ours that was written for a transaction. The default value: none, the submitter's goes out.</summary>
/// <param name="Length">Octets of it.</param>
/// <param name="Domain">Its domain, for events; null for none.</param>
/// <param name="Recipient">The one it is good for; the default value where it names none.</param>
internal readonly record struct WirePath(int Length, string? Domain, AddressDigest Recipient)
{
    public bool NamesRecipient => Recipient != default;
}
