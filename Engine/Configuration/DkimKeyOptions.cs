using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>One signing key.</summary>
internal sealed record DkimKeyOptions
{
    /// <summary><c>s=</c>: its key is published at <c>SELECTOR._domainkey.DOMAIN</c>.</summary>
    [Required]
    [Form(TextForm.Selector)]
    public string Selector { get; init; } = string.Empty;

    /// <summary>PEM file, PKCS#8 or PKCS#1, RSA or Ed25519.</summary>
    [Required]
    [SecretFile]
    [Form(TextForm.Path)]
    public string KeyFile { get; init; } = string.Empty;

    /// <summary><c>i=</c>: the agent or user it signs for, <c>LOCAL@DOMAIN</c> or <c>@DOMAIN</c>, in the signing domain or below it. Left out, none is written, which means <c>@</c> and the signing domain.</summary>
    public string? Identity { get; init; }

    /// <summary><c>x=</c> of this key's signatures. From 1d to 365d; left out, as <c>dkim.expires</c> says.</summary>
    [Between("1d", "365d")]
    public TimeSpan? Expires { get; init; }
}
