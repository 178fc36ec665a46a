namespace Engine.Delivery.Dane;

/// <summary>A host's TLSA records.</summary>
/// <param name="State">What came of asking.</param>
/// <param name="Tlsa">Set when found.</param>
/// <param name="Name">The TLSA base domain asked about last.</param>
internal readonly record struct DaneAnswer(DaneState State, TlsaSet? Tlsa, string Name)
{
    public static readonly DaneAnswer None = new(DaneState.None, null, string.Empty);
}
