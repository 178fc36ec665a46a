using Engine.Limits;

namespace Engine.Scheduling;

/// <summary>A lane that waits for a limit, with one class: to send, or to open a connection.</summary>
internal sealed class LaneWaiter(Scheduler scheduler, Lane lane) : Waiter
{
    /// <summary>It stands in line, or has just been called. Guarded by the destination's lock.</summary>
    public bool IsWaiting { get; set; }

    public Turns Turns { get; } = new();

    public override bool Wake(WaitLine line)
    {
        Lane? next;
        bool isUsed;
        lock (lane.Destination.Gate)
        {
            if (!IsWaiting)
            {
                return false;
            }

            IsWaiting = false;
            Turns.Grant(line, scheduler.Lines);
            next = scheduler.ChooseNext(lane.Destination, lane);
            isUsed = next == lane || (lane.Workers > 0 && lane.Destination.Count > 0);
            if (!isUsed)
            {
                Turns.Abandon();
            }
        }

        scheduler.Start(next);
        return isUsed;
    }
}
