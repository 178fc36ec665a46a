using System.Buffers;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Tests.Submission;

internal sealed class HeaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

    [TestCase("From: a@b.example\r\n", null)]
    [TestCase("From: A <a@b.example>\r\nTo: x\r\nTo: y\r\nSubject: 1\r\nSubject: 2\r\n", null, Description = "other doubled fields pass")]
    [TestCase("", "550 5.6.0")]
    [TestCase("Subject: x\r\n", "550 5.6.0")]
    [TestCase("From: nobody\r\n", "550 5.6.0")]
    [TestCase("From:\r\n", "550 5.6.0")]
    [TestCase("From: a@b.example\r\nfrom: c@d.example\r\n", "550 5.6.0")]
    [TestCase("From: a@b.example\r\nBad header\r\n", "550 5.6.0")]
    [TestCase(" x\r\nFrom: a@b.example\r\n", "550 5.6.0")]
    [TestCase("From: a@b.example\r\nReceived: 1\r\nReceived: 2\r\n", null)]
    [TestCase("From: a@b.example\r\nReceived: 1\r\nReceived: 2\r\nReceived: 3\r\n", "554 5.4.6")]
    [TestCase("From: a@b.example\r\nX-Engine-Foo: 1\r\n", "550 5.6.0 X-Engine-Foo is not known")]
    [TestCase("From: a@b.example\r\nx-engine-foo: 1\r\n", "550 5.6.0 x-engine-foo is not known")]
    [TestCase("From: a@b.example\r\nX-Engine-: 1\r\n", null, Description = "no name behind the prefix: not ours")]
    [TestCase("From: a@b.example\r\nX-Engine-Engagement: keen\r\n", "550 5.6.0 X-Engine-Engagement needs one of high, normal and low")]
    [TestCase("From: a@b.example\r\nX-Engine-Engagement: high\r\nX-Engine-Engagement: low\r\n", "550 5.6.0 X-Engine-Engagement needs one of high, normal and low")]
    [TestCase("From: a@b.example\r\nX-Engine-Idempotency-Key: k\r\n", "550 5.6.0 X-Engine-Idempotency-Key is not supported by this version")]
    [TestCase("From: a@b.example\r\nX-Engine-Stream: a\r\nX-Engine-Stream: a\r\n", "550 5.6.0 X-Engine-Stream may stand once")]
    [TestCase("From: a@b.example\r\nX-Engine-Stream:\r\n", "550 5.6.0 X-Engine-Stream needs a value")]
    [TestCase("From: a@b.example\r\nX-Engine-Campaign: a b\r\n", "550 5.6.0 X-Engine-Campaign needs a value")]
    [TestCase("From: a@b.example\r\nX-Engine-Tag: \u00e9\r\n", "550 5.6.0 X-Engine-Tag needs a value")]
    [TestCase("From: a@b.example\r\nX-Engine-Send-At: tomorrow\r\n", "550 5.6.0 X-Engine-Send-At needs")]
    [TestCase("From: a@b.example\r\nX-Engine-Send-At: 2026-11-22T08:00:00\r\n", "550 5.6.0 X-Engine-Send-At needs", Description = "no zone")]
    [TestCase("From: a@b.example\r\nX-Engine-Send-At: 2026-13-22T08:00:00Z\r\n", "550 5.6.0 X-Engine-Send-At needs")]
    [TestCase("From: a@b.example\r\nX-Engine-Give-Up: soon\r\n", "550 5.6.0 X-Engine-Give-Up needs")]
    [TestCase("From: a@b.example\r\nX-Engine-Give-Up: 0s\r\n", "550 5.6.0 X-Engine-Give-Up needs")]
    [TestCase("From: a@b.example\r\nX-Engine-Give-Up: 5m\r\nX-Engine-Give-Up: 6m\r\n", "550 5.6.0 X-Engine-Give-Up needs")]
    public void A_header_is_judged(string header, string? refusal)
    {
        var found = HeaderInspector.Inspect(Encoding.UTF8.GetBytes(header), maxReceived: 2, out _);

        Assert.That(found?.Reply.ToString() ?? "none", Does.StartWith(refusal ?? "none"));
    }

    [Test]
    public void A_header_is_noted()
    {
        var header = "X-Engine-Tag: one\r\nFrom: A <a@B.example>\r\nMessage-Id: <1@x>\r\nX-ENGINE-SEND-AT:\r\n 2026-11-22T10:00:00+01:00\r\nX-Engine-Tag: two\r\nX-Engine-Give-Up: 5m\r\nX-Engine-Pool: p\r\nX-Engine-Account: acc\r\nX-Engine-Campaign: c\r\nX-Engine-Stream: s\r\n"u8;

        Assert.That(HeaderInspector.Inspect(header, 30, out var notes), Is.Null);
        Assert.That(notes.FromDomain.Name, Is.EqualTo("b.example"));
        Assert.That(Encoding.ASCII.GetString(notes.MessageId), Is.EqualTo("1@x"));
        Assert.That((notes.HasMessageId, notes.HasDate), Is.EqualTo((true, false)));
        Assert.That(notes.Fields.Tags, Is.EqualTo(new[] { "one", "two" }));
        Assert.That(notes.Fields.SendAt, Is.EqualTo(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero)));
        Assert.That(notes.Fields.GiveUp, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That((notes.Fields.Account, notes.Fields.Stream, notes.Fields.Campaign, notes.Fields.Pool, notes.Fields.First), Is.EqualTo(("acc", "s", "c", "p", "X-Engine-Tag")));
    }

    [Test]
    public void Eleven_tags_are_too_many()
    {
        var header = "From: a@b.example\r\n" + string.Concat(Enumerable.Repeat("X-Engine-Tag: t\r\n", 11));

        Assert.That(HeaderInspector.Inspect(Encoding.ASCII.GetBytes(header), 30, out _)?.Reply.Text, Is.EqualTo("X-Engine-Tag may stand up to 10 times"));
    }

    [TestCase("a@acme.example", true)]
    [TestCase("A <a@acme.example>, B <b@acme.example>", true)]
    [TestCase("A <a@acme.example>, B <b@evil.example>", false)]
    [TestCase("a@acme.example, evil <", false)]
    [TestCase("\"x, y\" <a@acme.example> (c, d@evil.example)", true)]
    [TestCase("Doe, John <a@acme.example>,", true)]
    [TestCase("Team: a@acme.example, b@acme.example;", true)]
    [TestCase("Team: a@acme.example;, b@evil.example", false)]
    [TestCase("nobody", false)]
    public void Every_author_must_be_of_an_allowed_domain(string value, bool areAll) =>
        Assert.That(FromDomains.AreAll(Encoding.ASCII.GetBytes(value), domain => domain.Name == "acme.example"), Is.EqualTo(areAll));

    [Test]
    public void What_is_missing_is_added_and_what_must_not_leave_is_taken_out()
    {
        var header = "Return-Path: <x@y>\r\nFrom: a@b.example\r\nX-Engine-Tag: t\r\n folded\r\nBCC: secret@c.example\r\nDKIM-Signature: v=1\r\nSubject: s\r\n t\r\nResent-Bcc: q\r\n"u8;

        Assert.That(Fields(header, ExistingSignatures.Keep, hasDate: false, hasId: false), Is.EqualTo(
            "Date: Sun, 22 Nov 2026 08:00:00 +0000\r\nMessage-ID: <0000000000001@mta1.example.com>\r\nFrom: a@b.example\r\nDKIM-Signature: v=1\r\nSubject: s\r\n t\r\n"));
        Assert.That(Fields(header, ExistingSignatures.Remove, hasDate: true, hasId: true), Is.EqualTo("From: a@b.example\r\nSubject: s\r\n t\r\n"));
    }

    [TestCase(true, false, false, false, "ESMTP")]
    [TestCase(true, true, false, false, "ESMTPA")]
    [TestCase(true, false, true, false, "ESMTPS")]
    [TestCase(true, true, true, false, "ESMTPSA")]
    [TestCase(true, true, true, true, "UTF8SMTPSA")]
    [TestCase(false, false, false, false, "SMTP")]
    public void Received_names_the_protocol(bool isExtended, bool isAuthenticated, bool isSecure, bool isUtf8, string protocol)
    {
        var trace = new Trace("c.example", "192.0.2.1", isExtended, isAuthenticated, isSecure ? new TlsSession("1.3", "TLS_AES_256_GCM_SHA384", TlsProof.None) : null);
        var output = new ArrayBufferWriter<byte>();
        HeaderNormaliser.WriteReceived(output, trace, "mta1.example.com", new MessageId(1), Mailbox.Parse("r@b.example"), isUtf8, Now);

        Assert.That(Encoding.ASCII.GetString(output.WrittenSpan), Is.EqualTo(
            $"Received: from c.example ([192.0.2.1])\r\n\tby mta1.example.com with {protocol} id 0000000000001\r\n\tfor <r@b.example>"
            + $"{(isSecure ? "\r\n\ttls TLS_AES_256_GCM_SHA384" : string.Empty)};\r\n\tSun, 22 Nov 2026 08:00:00 +0000\r\n"));
    }

    [Test]
    public void Received_of_several_recipients_names_none_and_tags_ipv6()
    {
        var output = new ArrayBufferWriter<byte>();
        HeaderNormaliser.WriteReceived(output, new Trace("c", "2001:db8::1", true, false, null), "h.example", new MessageId(1), default, false, Now);

        Assert.That(Encoding.ASCII.GetString(output.WrittenSpan), Is.EqualTo("Received: from c ([IPv6:2001:db8::1])\r\n\tby h.example with ESMTP id 0000000000001;\r\n\tSun, 22 Nov 2026 08:00:00 +0000\r\n"));
    }

    private static string Fields(ReadOnlySpan<byte> header, ExistingSignatures existing, bool hasDate, bool hasId)
    {
        var rules = new SubmissionRules(new Snapshot(Sample.Options with { Dkim = new DkimOptions { Existing = existing } }));
        var output = new ArrayBufferWriter<byte>();
        HeaderNormaliser.WriteFields(output, header, hasDate, hasId, rules, new MessageId(1), Now);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
