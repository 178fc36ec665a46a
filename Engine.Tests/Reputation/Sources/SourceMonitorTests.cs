using System.Net;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Sources;

namespace Engine.Tests.Reputation.Sources;

internal sealed class SourceMonitorTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.1");
    private static readonly Source One = new(new SourceId(0), "a1", IPAddress.Parse("198.51.100.1"), Address, "a1.example");
    private static readonly Source Six = new(new SourceId(1), "a6", IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::1"), "a6.example");
    private static readonly Source Unbound = new(new SourceId(2), "default", null, null, "mta.example");

    private readonly ListedAddresses _host = new() { Here = { [Address] = AddressPresence.Present, [Six.Bind!] = AddressPresence.Present } };

    [Test]
    public void What_is_there_is_usable_and_nothing_is_told()
    {
        var monitor = Monitor();

        Assert.That(Check(monitor, Start), Is.Empty);
        Assert.That((monitor.IsUsable(One.Id), monitor.IsUsable(Six.Id), monitor.IsUsable(Unbound.Id)), Is.EqualTo((true, true, true)));
        Assert.That((monitor.Find(One.Id), monitor.Find(Unbound.Id)), Is.EqualTo(((SourcePresence?)new SourcePresence(AddressPresence.Present, Start), (SourcePresence?)null)));
    }

    [TestCase(AddressPresence.Missing, "192.0.2.1 is on no interface of this host: nothing leaves from this source until it is back")]
    [TestCase(AddressPresence.InterfaceDown, "the interface of 192.0.2.1 is down: nothing leaves from this source until it is up")]
    public void A_source_whose_address_goes_takes_no_mail_and_raises_an_alert(object presence, string words)
    {
        var monitor = Monitor();
        Check(monitor, Start);
        _host.Here[Address] = (AddressPresence)presence;
        var change = Check(monitor, Start.AddSeconds(10)).Single();
        var line = change.ToEvent();

        Assert.That((monitor.IsUsable(One.Id), monitor.IsUsable(Six.Id)), Is.EqualTo((false, true)));
        Assert.That((line.Kind, line.Source, line.SourceAddress, line.Reason, line.RecipientIndex), Is.EqualTo((EventKind.Alert, "a1", One.Address, words, -1)));
        Assert.That(Check(monitor, Start.AddSeconds(20)), Is.Empty, "once is enough");
    }

    [Test]
    public void It_takes_mail_again_by_itself()
    {
        var monitor = Monitor();
        _host.Here[Address] = AddressPresence.Missing;
        Check(monitor, Start);
        _host.Here[Address] = AddressPresence.Present;
        var change = Check(monitor, Start.AddMinutes(5)).Single();

        Assert.That(monitor.IsUsable(One.Id));
        Assert.That((change.ToEvent().Kind, change.Lasted), Is.EqualTo((EventKind.SourceRestored, TimeSpan.FromMinutes(5))));
    }

    [Test]
    public void A_source_that_was_never_there_is_told_at_the_first_look()
    {
        _host.Here.Clear();

        Assert.That(Check(Monitor(), Start).Select(change => change.Source.Name), Is.EqualTo(new[] { "a1", "a6" }));
    }

    [Test]
    public void A_failed_bind_is_looked_at_once_but_not_more_often_than_each_second()
    {
        var monitor = Monitor();
        Check(monitor, Start);
        Assert.That(monitor.NextCheck, Is.EqualTo(Start + SourceMonitor.Interval));

        Assert.That(monitor.Report(One.Id, SourceFault.NetworkUnreachable, Start.AddMilliseconds(200)));
        Assert.That(monitor.NextCheck, Is.EqualTo(Start.AddSeconds(1)));
        Assert.That(monitor.Report(Six.Id, SourceFault.NetworkUnreachable, Start.AddMilliseconds(300)), Is.False);

        Check(monitor, Start.AddSeconds(1));
        Assert.That(monitor.Report(One.Id, SourceFault.NetworkUnreachable, Start.AddSeconds(5)));
        Assert.That(monitor.NextCheck, Is.EqualTo(Start.AddSeconds(5)));
        Assert.That(Check(monitor, Start.AddSeconds(5)), Is.Empty, "no route is no missing address");
    }

    [Test]
    public void An_address_that_is_there_and_yet_refused_is_out_until_it_is_refused_no_more()
    {
        var monitor = Monitor();
        Check(monitor, Start);
        monitor.Report(Six.Id, SourceFault.AddressNotAvailable, Start.AddSeconds(2));
        Assert.That(Check(monitor, Start.AddSeconds(2)).Single().Presence, Is.EqualTo(AddressPresence.Refused));
        Assert.That(monitor.IsUsable(Six.Id), Is.False);

        Assert.That(Check(monitor, Start.AddSeconds(12)).Single().Presence, Is.EqualTo(AddressPresence.Present));
    }

    [Test]
    public void What_the_system_does_not_say_changes_nothing()
    {
        var monitor = Monitor();
        _host.Here[Address] = AddressPresence.Missing;
        Check(monitor, Start);
        _host.IsSilent = true;

        Assert.That(() => Check(monitor, Start.AddSeconds(10)), Throws.TypeOf<IOException>());
        Assert.That((monitor.IsUsable(One.Id), monitor.IsUsable(Six.Id), monitor.NextCheck), Is.EqualTo((false, true, Start.AddSeconds(20))));
    }

    [Test]
    public void A_reload_looks_at_once_at_the_sources_it_brings()
    {
        var monitor = Monitor();
        Check(monitor, Start);
        monitor.Load([One, Unbound, new Source(new SourceId(3), "b1", null, IPAddress.Parse("192.0.2.9"), "b1.example")]);

        Assert.That(monitor.NextCheck, Is.LessThan(Start));
        Assert.That(Check(monitor, Start.AddSeconds(1)).Single().Source.Name, Is.EqualTo("b1"));
        Assert.That(monitor.Find(Six.Id), Is.Null);
    }

    private static List<SourceChange> Check(SourceMonitor monitor, DateTimeOffset now)
    {
        var changes = new List<SourceChange>();
        monitor.Check(now, changes);
        return changes;
    }

    private SourceMonitor Monitor()
    {
        var monitor = new SourceMonitor(_host);
        monitor.Load([One, Six, Unbound]);
        return monitor;
    }
}
