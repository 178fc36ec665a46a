namespace Engine.Configuration;

/// <summary>A signature every message gets. Key <c>dkim.also</c>.</summary>
internal sealed record DkimAlsoOptions
{
    public string Domain { get; init; } = string.Empty;

    public string Selector { get; init; } = string.Empty;

    /// <summary>PEM file, PKCS#8 or PKCS#1, RSA or Ed25519.</summary>
    public string KeyFile { get; init; } = string.Empty;
}
