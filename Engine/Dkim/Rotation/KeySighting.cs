namespace Engine.Dkim.Rotation;

/// <summary>What all places asked say about a key record.</summary>
/// <param name="Places">Each resolver and each name server of the zone. Empty is no sighting.</param>
internal sealed record KeySighting(IReadOnlyList<PlaceSighting> Places)
{
    /// <summary>Every place shows the record.</summary>
    public bool IsWhole => Places.Count > 0 && Places.All(static place => place.Kind is SightingKind.Shown);

    /// <summary>The largest TTL.</summary>
    public TimeSpan Ttl => Places.Count == 0 ? TimeSpan.Zero : Places.Max(static place => place.Ttl);

    /// <summary>The places that do not show it, in plain words.</summary>
    public string Missing => Places.Count == 0 ? "nobody could be asked" : string.Join("; ", Places.Where(static place => place.Kind is not SightingKind.Shown));
}
