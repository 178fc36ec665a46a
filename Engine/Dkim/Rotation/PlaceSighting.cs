namespace Engine.Dkim.Rotation;

/// <summary>What one place in DNS says about a key record.</summary>
/// <param name="Place">The resolver's or name server's address, with its name where it has one.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Ttl">How long it lets the record be kept.</param>
/// <param name="Remark">More, in plain words; empty for nothing.</param>
internal sealed record PlaceSighting(string Place, SightingKind Kind, TimeSpan Ttl = default, string Remark = "")
{
    public override string ToString() => Remark.Length > 0 ? $"{Place}: {Word} ({Remark})" : $"{Place}: {Word}";

    private string Word => Kind switch
    {
        SightingKind.Shown => "shown",
        SightingKind.Missing => "no record",
        SightingKind.Different => "another record",
        _ => "no answer",
    };
}
