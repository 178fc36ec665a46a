namespace Engine.Reputation.Sources;

/// <summary>How it stands with a source's local address.</summary>
/// <param name="Presence">What was seen at the last look.</param>
/// <param name="Since">When it became so.</param>
internal readonly record struct SourcePresence(AddressPresence Presence, DateTimeOffset Since)
{
    public bool IsUsable => Presence is AddressPresence.Present;
}
