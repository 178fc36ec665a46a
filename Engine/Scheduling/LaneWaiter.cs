using Engine.Limits;

namespace Engine.Scheduling;

/// <summary>A lane that waits for a limit, with one class: to send, or to open a connection.</summary>
internal sealed class LaneWaiter(Scheduler scheduler, Lane lane) : Waiter
{
    public Lane Lane { get; } = lane;

    /// <summary>It stands in line, or has just been called. Guarded by the destination's lock.</summary>
    public bool IsWaiting { get; set; }

    public Turns Turns { get; } = new();

    public override bool Wake(WaitLine line) => scheduler.Wake(this, line);
}
