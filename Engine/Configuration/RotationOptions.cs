using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Rotation of signing keys that are found by their name in <c>dkim.directory</c>. Key <c>dkim.rotation</c>.</summary>
internal sealed record RotationOptions
{
    /// <summary>Age at which a signing key gets a successor; its file's date counts. From 1d to 3650d; left out, keys are rotated by order only, for somebody must publish each new record.</summary>
    [Between("1d", "3650d")]
    public TimeSpan? Every { get; init; }

    /// <summary>What follows an RSA key: <c>rsa2048</c>, <c>rsa3072</c> or <c>rsa4096</c>. Left out, the smallest that <c>minimumBits</c> allows: rsa2048 is what every receiver verifies and DNS carries in one answer. An Ed25519 key is followed by one of its kind.</summary>
    public RotatedRsa? Rsa { get; init; }

    /// <summary>Resolvers that must show a new record, besides <c>dns.servers</c> and every name server of the zone; a public one or two see what receivers see. With port. Default none.</summary>
    [Form(TextForm.Server)]
    public IReadOnlyList<string> Ask { get; init; } = [];

    /// <summary>Whether a spare key is made and published beforehand, so that an emergency need not wait for DNS. Default false: it is one record more for each domain.</summary>
    public bool Spare { get; init; }
}
