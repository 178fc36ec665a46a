using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Keys that sign return paths and unsubscribe links; the same on every host of a fleet. Key <c>feedback.tokenKeys</c>.</summary>
internal sealed record TokenKeyOptions
{
    /// <summary>Name of the key that signs. The others only check what is still on its way: keep each for <c>verpLifetime</c> (bounces) and <c>unsubscribeLifetime</c> (links).</summary>
    [Required]
    public string Active { get; init; } = string.Empty;

    /// <summary>Name → file of at least 32 octets. At most 8.</summary>
    [Keys(KeyForm.Name)]
    [SecretFile]
    [Form(TextForm.Path)]
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();
}
