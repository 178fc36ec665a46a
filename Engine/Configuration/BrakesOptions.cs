using Engine.Mail;

namespace Engine.Configuration;

/// <summary>Stops senders whose mail bounces or is complained about, before receivers stop us. Key <c>brakes</c>. A pause is an override: it stays until an operator ends it.</summary>
internal sealed record BrakesOptions
{
    public HardBounceBrakeOptions HardBounce { get; init; } = new();

    public ComplaintBrakeOptions Complaint { get; init; } = new();

    /// <summary>Default <c>campaign</c>: one bad list must not stop an account.</summary>
    public BrakeScope Scope { get; init; } = BrakeScope.Campaign;

    /// <summary>Default <c>account</c>, when the rest of its mail is over the threshold too, or all of it with two campaigns paused within the window.</summary>
    public BrakeNext Then { get; init; } = BrakeNext.Account;

    /// <summary>Classes that are paused; the others only raise alerts. Default marketing: nobody's log-in code waits for a bad newsletter. Empty: alerts only.</summary>
    public IReadOnlyList<StreamClass> Class { get; init; } = [StreamClass.Marketing];
}
