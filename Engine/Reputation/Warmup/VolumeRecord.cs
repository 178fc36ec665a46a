namespace Engine.Reputation.Warmup;

/// <summary>A source's volume, as it is saved.</summary>
/// <param name="Source">Its name.</param>
/// <param name="First">The day it was first used, as of <see cref="LocalDay.Number"/>.</param>
/// <param name="Newest">The newest day counted.</param>
/// <param name="Counts">Recipients by day number modulo 28.</param>
internal sealed record VolumeRecord(string Source, int First, int Newest, IReadOnlyList<long> Counts);
