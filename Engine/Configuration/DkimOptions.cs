using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Signing. Key <c>dkim</c>.</summary>
internal sealed record DkimOptions
{
    /// <summary>Where <c>DOMAIN.SELECTOR.pem</c> is looked for, relative to engine.json. Default <c>dkim</c>; it need not exist.</summary>
    [Form(TextForm.Path)]
    public string Directory { get; init; } = "dkim";

    /// <summary>Signatures every message gets besides its domain's.</summary>
    public IReadOnlyList<DkimAlsoOptions> Also { get; init; } = [];

    /// <summary>What happens to signatures a message arrives with: <c>keep</c> or <c>remove</c>. Default keep.</summary>
    public ExistingSignatures Existing { get; init; } = ExistingSignatures.Keep;

    /// <summary>Smallest RSA key loaded. From 2048 to 4096; default 2048 (RFC 8301 asks for at least 1024, receivers for 2048).</summary>
    [Between(2_048, 4_096)]
    public int MinimumBits { get; init; } = 2_048;

    public RotationOptions Rotation { get; init; } = new();
}
