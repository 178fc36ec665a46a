using Engine.Delivery.Smtp;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery;

/// <summary>What differs for a worker whose lane leads to a relay. One for each worker; not thread-safe.</summary>
internal sealed class RelayLane(RelayDesk desk, string name)
{
    /// <summary>Replies in a row that refuse for now, or refuse us: then it is the relay and not the recipients.</summary>
    private const int MaxRefused = 3;

    private int _refused;
    private Verdict _last;

    public string Name { get; } = name;

    /// <summary>The relay refuses everything: the lane is to be paused.</summary>
    public bool IsRefused => _refused >= MaxRefused;

    /// <summary>What it last said or what went wrong, in words.</summary>
    public string Trouble => _last.Text ?? "the relay refuses everything";

    /// <summary>Counts a recipient in the quota; false sends it back to be judged anew.</summary>
    public bool TryTake() => desk.Table.Find(Name) is { } relay && desk.TryTake(relay);

    /// <summary>A recipient that was counted was not handed over.</summary>
    public void GiveBack()
    {
        if (desk.Table.Find(Name) is { } relay)
        {
            desk.GiveBack(relay);
        }
    }

    /// <summary>Judges what an attempt brought for one recipient: see <see cref="RelayReply"/>.</summary>
    public OutcomeKind Judge(OutcomeKind kind, in Verdict verdict)
    {
        var judged = RelayReply.Of(kind, verdict);
        if (judged is OutcomeKind.Local)
        {
            GiveBack();
            _refused += verdict.IsRefused ? 1 : 0;
            _last = verdict;
        }
        else if (judged is OutcomeKind.Delivered)
        {
            _refused = 0;
            desk.Works(Name);
        }

        return judged;
    }

    /// <summary>The lane is paused: operators are told.</summary>
    public void Paused()
    {
        _refused = 0;
        desk.Alert(Name, _last);
    }
}
