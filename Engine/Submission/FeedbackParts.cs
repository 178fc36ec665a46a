using Engine.Feedback.Reports;

namespace Engine.Submission;

/// <summary>What feedback listeners work with. All of it is thread-safe.</summary>
/// <param name="Door">Knows the addresses.</param>
/// <param name="Desk">Gets the mail.</param>
/// <param name="Meter">Counts what is refused.</param>
/// <param name="Open">How often one client may write to addresses that anybody knows: complaints, postmaster, abuse.</param>
internal sealed record FeedbackParts(InboundDoor Door, ReportDesk Desk, InboundMeter Meter, ClientBudget Open)
{
    /// <summary>Octets of a mail that is forwarded.</summary>
    public const long MaxForwarded = 25L << 20;

    /// <summary>A budget for <see cref="Open"/>: a large provider reports ten complaints a second and more at once; a flood is put off.</summary>
    public static ClientBudget OpenBudget(TimeProvider clock) => new(rate: 10, burst: 1_000, clock);
}
