namespace Engine.Reputation.Brakes;

/// <summary>How a sender stands with the brakes, for operators.</summary>
/// <param name="Subject">Who.</param>
/// <param name="Delivered">Recipients delivered to within the window of hard bounces.</param>
/// <param name="Hard">Hard bounces within theirs.</param>
/// <param name="Complaints">Complaints within theirs.</param>
/// <param name="ComplaintsOf">Deliveries they are a share of: of the busiest of the last seven windows.</param>
/// <param name="Level">The highest of its levels.</param>
internal readonly record struct BrakeReport(BrakeSubject Subject, long Delivered, long Hard, long Complaints, long ComplaintsOf, BrakeLevel Level)
{
    public double HardRate => Delivered + Hard > 0 ? (double)Hard / (Delivered + Hard) : 0;

    public double ComplaintRate => ComplaintsOf > 0 ? Math.Min(1, (double)Complaints / ComplaintsOf) : 0;
}
