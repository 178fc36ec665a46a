namespace Engine.Dkim;

/// <summary>Who signs for a domain.</summary>
/// <param name="Ring">For which ring this was put together.</param>
/// <param name="Keys">The domain's that may sign now, then those of <c>dkim.also</c>.</param>
/// <param name="HasOwn">Whether one of them is the domain's.</param>
internal sealed record ReadyKeys(KeyRing Ring, IReadOnlyList<SigningKey> Keys, bool HasOwn);
