using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>The certificate of the listeners. Key <c>tls</c>. Read again at reload.</summary>
internal sealed record TlsOptions
{
    /// <summary>PEM file: the certificate, then its chain. Relative paths start at engine.json.</summary>
    [Required]
    [Form(TextForm.Path)]
    public string Certificate { get; init; } = string.Empty;

    /// <summary>PEM file of the private key; owned by the engine's user or root, not readable by others.</summary>
    [Required]
    [Form(TextForm.Path)]
    public string Key { get; init; } = string.Empty;

    /// <summary>Oldest version taken, <c>1.2</c> or <c>1.3</c>; default 1.2 (RFC 8996 ended what came before).</summary>
    [OneOf("1.2", "1.3")]
    public string Minimum { get; init; } = "1.2";
}
