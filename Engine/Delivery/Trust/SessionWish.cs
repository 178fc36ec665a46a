using Engine.Mail;

namespace Engine.Delivery.Trust;

/// <summary>Whose mail opens a session, and what it asks.</summary>
/// <param name="Tls">Asked of TLS.</param>
/// <param name="Domain">The first recipient's: TLS reports count the session for it.</param>
internal readonly record struct SessionWish(TlsWish Tls, DomainName Domain)
{
    /// <summary>The wish of a message.</summary>
    /// <param name="needs">Of the message.</param>
    /// <param name="isNullSender">It has the null sender: there is nobody to give it back to.</param>
    public static TlsWish Of(BodyNeeds needs, bool isNullSender) =>
        needs.HasFlag(BodyNeeds.RequireTls) ? isNullSender ? TlsWish.Usual : TlsWish.Required
        : needs.HasFlag(BodyNeeds.TlsOptional) ? TlsWish.Optional
        : TlsWish.Usual;
}
