namespace Engine.Reputation.Warmup;

/// <summary>What happened in one local day. Unit: recipients.</summary>
/// <param name="Used">Attempted and answered about by a server, whatever it said.</param>
/// <param name="Deferred">Of these, deferred or refused for what the sender is or does.</param>
/// <param name="Hard">Of these, that do not exist.</param>
/// <param name="Complaints">Complaints that came in that day; most are about the day before.</param>
/// <param name="Before">Used on the last day that had mail.</param>
internal readonly record struct WarmupCounts(int Used, int Deferred, int Hard, int Complaints, int Before)
{
    /// <summary>What complaints are a share of: the larger of both days, lest a quiet one make few of them many.</summary>
    public int ComplainedAbout => Math.Max(Used, Before);

    public double DeferredShare => Share(Deferred, Used);

    public double HardShare => Share(Hard, Used);

    public double ComplaintShare => Share(Complaints, ComplainedAbout);

    private static double Share(int count, int of) => of == 0 ? 0 : (double)count / of;
}
