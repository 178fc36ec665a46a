using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>Tells operators what rotation wants of them or has done: event <c>alert</c>, in plain words, with the exact record.</summary>
/// <param name="events">Where it is told.</param>
/// <param name="clock">For the time.</param>
internal sealed class RotationNews(IEvents events, TimeProvider clock)
{
    private const string Name = "dkim";

    /// <summary>A record is to be published.</summary>
    public void Publish(DomainName domain, RotatedKey key, DkimRecord record, bool isWithheld) => Tell(
        "dkim/publish",
        domain,
        key,
        $"publish this record{(isWithheld ? " now, mail of the domain waits for it" : key.IsSpare ? ", it is a spare" : string.Empty)}: {Line(domain, key, record)}");

    /// <summary>A key signs from now on.</summary>
    /// <param name="domain">Whose.</param>
    /// <param name="key">Which.</param>
    /// <param name="before">Those that did; their records must stay.</param>
    public void Switched(DomainName domain, RotatedKey key, IEnumerable<string> before)
    {
        var old = string.Join(", ", before.Select(selector => DkimRecord.NameOf(selector, domain)));
        Tell("dkim/switched", domain, key, old.Length == 0 ? $"{key.Selector} signs now" : $"{key.Selector} signs now; leave the record of {old} where it is until told");
    }

    /// <summary>A record may go.</summary>
    public void Retired(DomainName domain, RotatedKey key, bool isMovedAway, string file) => Tell(
        "dkim/retire",
        domain,
        key,
        $"the TXT record at {DkimRecord.NameOf(key.Selector, domain)} may be removed: no mail signed with it is on its way" + (isMovedAway ? string.Empty : $"; {file} could not be moved away, remove it (it signs nothing)"));

    /// <summary>A record is not seen yet.</summary>
    public void Waiting(DomainName domain, RotatedKey key, DkimRecord? record) => Tell(
        "dkim/waiting",
        domain,
        key,
        $"{key.Selector} waits since {key.Since:yyyy-MM-dd HH:mm} UTC: {key.Missing}" + (record is null ? string.Empty : $"; the record: {Line(domain, key, record)}"));

    /// <summary>A key was revoked.</summary>
    public void Revoked(DomainName domain, RotatedKey key, bool isWithheld) => Tell(
        "dkim/revoked",
        domain,
        key,
        $"{key.Selector} signs nothing more; empty the p= of its record at {DkimRecord.NameOf(key.Selector, domain)}, or remove it, when the next key signs" + (isWithheld ? "; mail of the domain waits until then" : string.Empty));

    private static string Line(DomainName domain, RotatedKey key, DkimRecord record) => ZoneLine.Txt(DkimRecord.NameOf(key.Selector, domain), record.Text);

    private void Tell(string rule, DomainName domain, RotatedKey key, string reason) => events.Write(new Event
    {
        Kind = EventKind.Alert,
        Time = clock.GetUtcNow(),
        RecipientIndex = -1,
        Who = Name,
        Rule = rule,
        Dkim = [new DkimIdentity(domain.Name, key.Selector)],
        Reason = reason,
    });
}
