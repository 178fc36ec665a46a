namespace Engine.Preflight.Bimi;

/// <summary>Fetches a logo over HTTPS, strictly. The map keeps this room from <c>Wire</c>, so it is given one.</summary>
/// <param name="uri">An https URI without user information.</param>
/// <param name="maxOctets">Longest taken.</param>
/// <param name="stop">Gives up.</param>
/// <returns>The octets, or why there are none.</returns>
internal delegate ValueTask<(ReadOnlyMemory<byte> Octets, string? Fault)> FetchLogo(Uri uri, int maxOctets, CancellationToken stop);
