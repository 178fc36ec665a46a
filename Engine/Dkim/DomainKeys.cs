namespace Engine.Dkim;

/// <summary>What the key ring holds for one domain.</summary>
/// <param name="Keys">Those that loaded.</param>
/// <param name="IsBroken">Whether one did not.</param>
internal readonly record struct DomainKeys(IReadOnlyList<SigningKey> Keys, bool IsBroken);
