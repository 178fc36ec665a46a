using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>The list of those who get no mail. Key <c>suppression</c>.</summary>
internal sealed record SuppressionOptions
{
    /// <summary>Octets a key file has at least.</summary>
    public const int MinKeyLength = 32;

    /// <summary>
    /// File of at least 32 octets that keys the digests of addresses; the same on every host of a fleet, and never another: the list cannot be read
    /// with it. Default <c>STATE/suppression/key</c>, made at the first start. A change needs a restart.
    /// </summary>
    [SecretFile]
    [Form(TextForm.Path)]
    [NeedsRestart]
    public string? KeyFile { get; init; }

    /// <summary>
    /// Memory of the filters that answer for addresses not on the list. From 16MiB to 256GiB; default 1GiB: 16 bits a key up to 400 million,
    /// fewer beyond (7 for a billion), and so more needless disk reads. A merge of runs holds as much again while it runs. A change needs a restart.
    /// </summary>
    [Between("16MiB", "256GiB")]
    [NeedsRestart]
    public ByteSize Memory { get; init; } = ByteSize.GiB(1);

    /// <summary>Whether addresses are kept <c>encrypted</c> (default; exports name them) or not at all (<c>none</c>). A change needs a restart.</summary>
    [NeedsRestart]
    public AddressKeeping Addresses { get; init; } = AddressKeeping.Encrypted;

    /// <summary>What RCPT is told for a suppressed recipient. Default <c>accept</c>: systems that send in bulk treat an error as their own failure.</summary>
    public SuppressionAnswer Answer { get; init; } = SuppressionAnswer.Accept;

    public SuppressionRulesOptions Rules { get; init; } = new();
}
