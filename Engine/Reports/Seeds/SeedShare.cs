namespace Engine.Reports.Seeds;

/// <summary>Probes of a span, counted.</summary>
/// <param name="Probes">How many.</param>
/// <param name="Inbox">Share in the inbox, 0 to 1.</param>
/// <param name="Spam">Share in spam.</param>
/// <param name="Missing">Share that never came.</param>
/// <param name="Median">Seconds of those that came; null when none did.</param>
/// <param name="P95">Seconds that 95 of 100 stayed within.</param>
internal sealed record SeedShare(int Probes, double Inbox, double Spam, double Missing, double? Median, double? P95)
{
    public static SeedShare Of(IReadOnlyCollection<SeedResult> results)
    {
        var seconds = results.Where(result => result.Place is not SeedPlace.Missing).Select(result => result.Seconds).Order().ToArray();
        return new SeedShare(results.Count, Share(SeedPlace.Inbox), Share(SeedPlace.Spam), Share(SeedPlace.Missing), At(0.5), At(0.95));

        double Share(SeedPlace place) => results.Count == 0 ? 0 : Math.Round((double)results.Count(result => result.Place == place) / results.Count, 4);

        // The nearest rank.
        double? At(double share) => seconds.Length == 0 ? null : seconds[Math.Max(0, (int)Math.Ceiling(share * seconds.Length) - 1)];
    }
}
