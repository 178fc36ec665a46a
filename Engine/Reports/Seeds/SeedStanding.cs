namespace Engine.Reports.Seeds;

/// <summary>How one seed stands: what is under way, when what is due. Belongs to the board.</summary>
internal sealed class SeedStanding(SeedPlan plan)
{
    public SeedPlan Plan { get; set; } = plan;

    public List<SeedProbe> Open { get; } = [];

    public DateTimeOffset NextProbe { get; set; }

    /// <summary>The end of time while nothing is looked for.</summary>
    public DateTimeOffset NextVisit { get; set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset NextCleaning { get; set; }

    /// <summary>Visits since the last probe was sent.</summary>
    public int Visits { get; set; }

    /// <summary>Why the last visit failed; empty when it did not.</summary>
    public string Trouble { get; set; } = string.Empty;

    /// <summary>Visits that failed in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Whether the operator has been told of the trouble.</summary>
    public bool IsTold { get; set; }
}
