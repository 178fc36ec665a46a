using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Delivery;

/// <summary>What differs for a worker whose lane leads to a relay. One for each worker; not thread-safe.</summary>
internal sealed class RelayLane(RelayDesk desk, string name)
{
    private Verdict _last;

    public string Name { get; } = name;

    /// <summary>Counts a recipient in the quota; false, as for a relay that is paused or gone, sends it back to be judged anew.</summary>
    public bool TryTake() => desk.TryTake(Name);

    /// <summary>A recipient that was counted was not handed over.</summary>
    public void GiveBack() => desk.GiveBack(Name);

    /// <summary>Judges what an attempt brought for one recipient: see <see cref="RelayReply"/>.</summary>
    public OutcomeKind Judge(OutcomeKind kind, in Verdict verdict)
    {
        var judged = RelayReply.Of(kind, verdict);
        if (judged is OutcomeKind.Delivered)
        {
            desk.Works(Name);
        }
        else if (judged is OutcomeKind.Local)
        {
            desk.GiveBack(Name);
            _last = verdict;
            if (verdict.IsRefused)
            {
                desk.Refused(Name, verdict);
            }
        }

        return judged;
    }

    /// <summary>The lane does not get through and is paused: operators are told.</summary>
    public void Paused() => desk.Alert(Name, _last);
}
