using Engine.Limits;

namespace Engine.Scheduling;

/// <summary>A flow at one destination that waits for a limit of its own. It is out of its ring meanwhile.</summary>
internal sealed class FlowWaiter(Scheduler scheduler, DestinationQueue destination, FlowQueue flow) : Waiter
{
    public DestinationQueue Destination { get; } = destination;

    public FlowQueue Flow { get; } = flow;

    public Turns Turns { get; } = new();

    public override bool Wake(WaitLine line) => scheduler.Wake(this, line);
}
