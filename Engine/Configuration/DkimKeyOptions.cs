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
}
