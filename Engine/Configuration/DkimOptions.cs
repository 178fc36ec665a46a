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

    /// <summary>
    /// <c>c=</c>, for head and body: <c>relaxed/relaxed</c>, <c>relaxed/simple</c>, <c>simple/relaxed</c> or <c>simple/simple</c>. Default relaxed/relaxed:
    /// relays fold and re-space, and a signature that breaks on the way is worse than none. One for all keys, because a stored head keeps one body hash.
    /// </summary>
    public SignatureForm Canonicalization { get; init; } = SignatureForm.RelaxedRelaxed;

    /// <summary>
    /// <c>x=</c>: a signature ends so long after the message may first leave. From 1d to 365d, and not below <c>delivery.giveUp</c>; left out, the default, it does not end:
    /// x= hinders the replay of signed mail a little, and costs mail that a forwarder or a mailbox moves late its signature.
    /// </summary>
    [Between("1d", "365d")]
    public TimeSpan? Expires { get; init; }

    /// <summary>
    /// Private keys found in <c>directory</c> that are kept ready; the others are read again when their domain next sends. Unit: keys.
    /// From 16 to 1000000; default 10000: an RSA key of 2048 bits takes about 15 KiB once it has signed, so 150 MiB.
    /// </summary>
    [Between(16, 1_000_000)]
    public int Cache { get; init; } = 10_000;

    public RotationOptions Rotation { get; init; } = new();
}
