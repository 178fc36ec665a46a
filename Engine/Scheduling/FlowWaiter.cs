using Engine.Limits;

namespace Engine.Scheduling;

/// <summary>A flow at one destination that waits for a limit of its own. It is out of its ring meanwhile.</summary>
internal sealed class FlowWaiter(Scheduler scheduler, DestinationQueue destination, FlowQueue flow) : Waiter
{
    public Turns Turns { get; } = new();

    public override bool Wake(WaitLine line)
    {
        Lane? lane;
        bool isUsed;
        lock (destination.Gate)
        {
            if (!flow.IsBlocked)
            {
                return false;
            }

            flow.IsBlocked = false;
            flow.Enter();
            Turns.Grant(line, scheduler.Lines);
            lane = scheduler.ChooseNext(destination, null);
            isUsed = lane is not null || destination.Workers > 0;
            if (!isUsed)
            {
                Turns.Abandon();
            }
        }

        scheduler.Start(lane);
        return isUsed;
    }
}
