using Engine.Mail;

namespace Engine.Dkim;

/// <summary>A private key and the name it signs under. Thread-safe; signs without allocating for RSA.</summary>
internal abstract class SigningKey(DomainName domain, string selector)
{
    /// <summary>d=</summary>
    public DomainName Domain { get; } = domain;

    /// <summary>s=</summary>
    public string Selector { get; } = selector;
}
