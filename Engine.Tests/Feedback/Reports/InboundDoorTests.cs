using System.Text;
using Engine.Configuration;
using Engine.Feedback.Reports;
using Engine.Mail;

namespace Engine.Tests.Feedback.Reports;

internal sealed class InboundDoorTests
{
    [TestCase("fbl@mta1.example.com", "None Complaints")]
    [TestCase("Fbl@MTA1.example.com", "None Complaints")]
    [TestCase("postmaster@mta1.example.com", "None Postmaster")]
    [TestCase("Abuse@bounce.mta1.example.com", "None Abuse")]
    [TestCase("abuse@out1.example.com", "None Abuse")]
    [TestCase("abuse@back.acme.example", "None Abuse")]
    [TestCase("abuse@rp.customer.example", "None Abuse")]
    [TestCase("abuse@rp.", "Relay")]
    [TestCase("abuse@acme.example", "Relay")]
    [TestCase("somebody@elsewhere.example", "Relay")]
    [TestCase("somebody@mta1.example.com", "Unknown")]
    [TestCase("somebody@bounce.mta1.example.com", "Unknown")]
    [TestCase("TOKEN@bounce.mta1.example.com", "None Token")]
    [TestCase("TOKEN@back.acme.example", "None Token")]
    [TestCase("TOKEN@rp.customer.example", "None Token")]
    [TestCase("TOKEN@mta1.example.com", "Unknown")]
    [TestCase("TOKEN@acme.example", "Relay")]
    [TestCase("XTOKEN@bounce.mta1.example.com", "Forged")]
    public void An_address_is_judged(string text, string expected)
    {
        using var rig = new ReportRig();
        var token = rig.Ring.Seal(rig.Token(TokenPurpose.Bounce));
        text = text.Replace("XTOKEN", (token[0] == '4' ? '5' : '4') + token[1..^1] + (token[^1] == '0' ? '1' : '0'), StringComparison.Ordinal).Replace("TOKEN", token.ToUpperInvariant(), StringComparison.Ordinal);
        var verdict = rig.Door.Judge(Mailbox.Parse(text), out var recipient);
        Assert.That(verdict is InboundRejection.None ? $"None {recipient.Kind}" : $"{verdict}", Is.EqualTo(expected));
    }

    [TestCase(TokenPurpose.Bounce, 14, InboundRejection.None)]
    [TestCase(TokenPurpose.Bounce, 16, InboundRejection.Expired)]
    [TestCase(TokenPurpose.Unsubscribe, 16, InboundRejection.None)]
    [TestCase(TokenPurpose.Unsubscribe, 732, InboundRejection.Expired)]
    [TestCase(TokenPurpose.Complaint, 729, InboundRejection.None)]
    public void A_token_is_believed_for_a_time(TokenPurpose purpose, int days, InboundRejection expected)
    {
        using var rig = new ReportRig();
        var address = Mailbox.Parse(rig.Address(rig.Token(purpose)));
        rig.Clock.Advance(TimeSpan.FromDays(days));

        Assert.That(rig.Door.Judge(address, out _), Is.EqualTo(expected));
    }

    [Test]
    public void Names_follow_a_reload()
    {
        using var rig = new ReportRig();
        var address = Mailbox.Parse("cfl@new.example");
        Assert.That(rig.Door.Judge(address, out _), Is.EqualTo(InboundRejection.Relay));

        var options = rig.Current.Value.Options;
        rig.Current.Swap(new Snapshot(options with { Feedback = options.Feedback with { Complaints = ["cfl@new.example"] } }));
        Assert.That(rig.Door.Judge(address, out _), Is.EqualTo(InboundRejection.None));
    }

    [Test]
    public async Task A_million_forgeries_suppress_nobody()
    {
        using var rig = new ReportRig(new FeedbackOptions { Complaints = ["fbl@mta1.example.com"], Unparsed = new UnparsedOptions { Keep = TimeSpan.Zero } });
        var chance = new Random(5);
        var good = Encoding.ASCII.GetBytes(rig.Address(rig.Token(TokenPurpose.Bounce)));
        var alphabet = Encoding.ASCII.GetBytes("0123456789abcdefghjkmnpqrstvwxyz");
        var taken = 0;

        // An address borrows its octets, so that one is enough.
        var text = (byte[])good.Clone();
        Assert.That(Mailbox.TryParse(text, allowUtf8: false, out var address), Is.True);
        for (var forgery = 0; forgery < 1_000_000; forgery++)
        {
            // One letter changed, two, or all of them.
            good.CopyTo(text, 0);
            for (var change = forgery % 3 == 0 ? TokenRing.TextLength : forgery % 3; change > 0; change--)
            {
                text[(change * 7 + chance.Next(TokenRing.TextLength)) % TokenRing.TextLength] = alphabet[chance.Next(32)];
            }

            taken += !text.AsSpan().SequenceEqual(good) && rig.Door.Judge(address, out _) is InboundRejection.None ? 1 : 0;
        }

        // And reports that say whatever they like, to the one address that everybody knows.
        for (var forgery = 0; forgery < 10_000; forgery++)
        {
            rig.Report = ReportRig.Saying(forgery % 2 == 0 ? ReportRig.Complaint(address: ReportRig.Reader) : ReportRig.Bounce(ReportRig.Reader)) with { FeedbackId = Encoding.ASCII.GetString(good.AsSpan(0, TokenRing.TextLength)) };
            await rig.SendAsync("From: x@y.example\r\n\r\n", "fbl@mta1.example.com");
        }

        Assert.That((taken, rig.List.Entries.Count, rig.News.Lines.Count), Is.EqualTo((0, 0, 0)), "a bounce token is no complaint's");
        Assert.That(rig.Events.All, Has.Count.AtMost(100), "a flood does not fill the event log");
    }
}
