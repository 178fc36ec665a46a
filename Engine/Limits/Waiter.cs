using Engine.Mail;

namespace Engine.Limits;

/// <summary>Whoever was refused and stands in a line; in one line at a time. Its place in the line is guarded by the line.</summary>
internal abstract class Waiter
{
    /// <summary>Its line; null when it stands in none.</summary>
    public WaitLine? Line { get; set; }

    public Waiter? Before { get; set; }

    public Waiter? Behind { get; set; }

    /// <summary>Class it waits for.</summary>
    public StreamClass Class { get; set; }

    /// <summary>True when it must leave the reserve for transactional mail.</summary>
    public bool HoldsBack { get; set; }

    /// <summary>Its turn: it has left the line. Called outside every lock.</summary>
    /// <param name="line">The one it stood in.</param>
    /// <returns>False when it has no use for the turn: the next one gets it.</returns>
    public abstract bool Wake(WaitLine line);
}
