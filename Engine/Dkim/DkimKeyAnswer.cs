namespace Engine.Dkim;

/// <summary>What a look-up of a key record gave.</summary>
/// <param name="Texts">TXT records, the strings of each joined; empty when the name or record does not exist.</param>
/// <param name="IsTemporary">No answer for now.</param>
internal readonly record struct DkimKeyAnswer(IReadOnlyList<string> Texts, bool IsTemporary = false);
