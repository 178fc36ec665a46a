namespace Engine.Delivery;

/// <summary>A return path of ours that was written for a transaction. The default value: none, the submitter's goes out.</summary>
/// <param name="Length">Octets of it.</param>
/// <param name="Domain">Its domain, for events; null for none.</param>
/// <param name="NamesRecipient">Good for one recipient only.</param>
internal readonly record struct WirePath(int Length, string? Domain, bool NamesRecipient);
