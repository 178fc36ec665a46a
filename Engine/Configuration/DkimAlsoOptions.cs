using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>A signature every message gets. Key <c>dkim.also</c>.</summary>
internal sealed record DkimAlsoOptions
{
    [Required]
    [Form(TextForm.Domain)]
    public string Domain { get; init; } = string.Empty;

    [Required]
    [Form(TextForm.Selector)]
    public string Selector { get; init; } = string.Empty;

    /// <summary>PEM file, PKCS#8 or PKCS#1, RSA or Ed25519.</summary>
    [Required]
    [SecretFile]
    [Form(TextForm.Path)]
    public string KeyFile { get; init; } = string.Empty;
}
