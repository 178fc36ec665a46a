using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Finds the dynamic limits of lanes and flows: those of control and warm-up. Asked once for each, and again when its version moves; any thread, under a destination's lock.</summary>
internal interface ILimitSource
{
    /// <summary>Moves when other limits hold. Setting a found limit does not need it.</summary>
    int Version { get; }

    /// <summary>Limits of a source towards an operator; narrow first.</summary>
    void OfLane(string operatorId, string source, List<Limit> limits);

    /// <summary>Limits of a flow towards an operator, whichever source it takes; narrow first.</summary>
    void OfFlow(string operatorId, Flow flow, List<Limit> limits);
}
