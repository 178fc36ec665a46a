using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>One signing key.</summary>
internal sealed record DkimKeyOptions
{
    [Required]
    [Form(TextForm.Selector)]
    public string Selector { get; init; } = string.Empty;

    /// <summary>PEM file, PKCS#8 or PKCS#1, RSA or Ed25519.</summary>
    [Required]
    [SecretFile]
    [Form(TextForm.Path)]
    public string KeyFile { get; init; } = string.Empty;
}
