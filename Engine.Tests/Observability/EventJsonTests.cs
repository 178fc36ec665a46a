using System.Text;
using System.Text.Json;
using Engine.Mail;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class EventJsonTests
{
    [Test]
    public void Every_field_has_the_name_and_form_of_the_contract()
    {
        var expected = """
            {"v":1,"node":1,"seq":9,"eventId":"0040000000000/2/3/deferred","time":"2026-11-22T12:00:00.123Z","event":"deferred",
            "id":"0040000000000","messageId":"abc@sender.example","headerFrom":"news@sender.example","returnPath":"b@bounce.sender.example",
            "client":"203.0.113.7","credential":"app1","dkim":[{"d":"sender.example","s":"s1"},{"d":"esp.example","s":"p1"}],
            "rcpt":2,"to":"bob@example.net","from":"news@sender.example","account":"acme","stream":"news","campaign":"c-1","tags":["a","b"],
            "domain":"example.net","provider":"other","mx":"mx1.example.net","mxAddress":"198.51.100.9","source":"a1","sourceAddress":"2001:db8::1",
            "pool":"bulk","session":42,"attempt":3,"code":451,"enhanced":"4.7.1","reply":"Try again","command":"starttls","category":"greylist",
            "disposition":"retry-other-mx","rule":"generic.greylist","nextAttempt":"2026-11-22T12:01:00.000Z","giveUpAt":"2026-11-25T12:00:00.000Z",
            "tls":{"version":"1.3","cipher":"TLS_AES_128_GCM_SHA256","verified":true,"proof":"dane"},"queuedMs":1500,"waitMs":{"transaction":80},"size":10240,
            "who":"root","verb":"queue hold","selector":"--domain example.net","count":7,"reason":"because"}
            """.ReplaceLineEndings(string.Empty);
        var full = Lines.Full();

        Assert.That(Lines.Json(full, full.Time, sequence: 9), Is.EqualTo(expected));
    }

    [TestCase(TlsProof.None, "\"verified\":false}")]
    [TestCase(TlsProof.Sts, "\"verified\":true,\"proof\":\"sts\"}")]
    [TestCase(TlsProof.Pkix, "\"verified\":true,\"proof\":\"pkix\"}")]
    public void Verified_is_a_yes_or_no(object proof, string expected) =>
        Assert.That(Lines.Json(Lines.Delivered(1) with { Tls = new TlsSession("1.3", "TLS_AES_128_GCM_SHA256", (TlsProof)proof) }, Lines.Noon), Does.Contain(expected));

    [Test]
    public void What_is_not_known_is_left_out() =>
        Assert.That(
            Lines.Json(new Event { Kind = EventKind.ConfigReloaded, RecipientIndex = -1 }, Lines.Noon, node: 4_095, sequence: 77),
            Is.EqualTo("""{"v":1,"node":4095,"seq":77,"eventId":"n4095/77/config-reloaded","time":"2026-11-22T12:00:00.000Z","event":"config-reloaded"}"""));

    [TestCase(0, "rcpt\":0,", true)]
    [TestCase(65_535, "rcpt\":65535,", true)]
    [TestCase(-1, "rcpt", false)]
    public void The_index_stands_for_a_recipient_only(int index, string text, bool expected)
    {
        var line = Lines.Delivered(1UL << 52) with { RecipientIndex = index };

        Assert.That(Lines.Json(line, Lines.Noon).Contains(text, StringComparison.Ordinal), Is.EqualTo(expected));
    }

    [Test]
    public void Every_kind_is_written_as_the_contract_spells_it()
    {
        string[] known =
        [
            "accepted", "rejected", "scheduled", "held", "released", "relayed", "delivered", "deferred", "bounced", "expired", "suppressed",
            "cancelled", "uncertain", "complained", "unsubscribed", "suppression-added", "suppression-removed", "bounce-report", "auto-reply",
            "throttled", "source-quarantined", "source-restored", "listed", "delisted", "warmup-advanced", "warmup-held", "campaign-paused",
            "account-paused", "alert", "admin", "config-reloaded",
        ];

        foreach (var kind in Enum.GetValues<EventKind>())
        {
            var text = Lines.Json(new Event { Kind = kind }, Lines.Noon);
            using var document = JsonDocument.Parse(text);
            Assert.That(known, Does.Contain(document.RootElement.GetProperty("event").GetString()));
            Assert.That(document.RootElement.GetProperty("eventId").GetString(), Does.EndWith($"/{document.RootElement.GetProperty("event").GetString()}"));
        }
    }

    [TestCase("250 ok\r\n{\"event\":\"delivered\"}", TestName = "A reply cannot end the line")]
    [TestCase("a\"b\\c\u0000\u001b[31m\u007f", TestName = "A reply cannot end the string or colour a terminal")]
    [TestCase("grüße 𝄞 \u2028", TestName = "Letters of all scripts")]
    [TestCase("\ud800 alone", TestName = "Half a character")]
    public void A_hostile_reply_stays_a_value_in_one_line(string reply)
    {
        var text = Lines.Json(Lines.Delivered(1UL << 52) with { Reply = reply, Reason = reply }, Lines.Noon);
        using var document = JsonDocument.Parse(text);

        Assert.That(text.Any(char.IsControl), Is.False);
        Assert.That(document.RootElement.GetProperty("reply").GetString(), Is.EqualTo(reply.Replace('\ud800', '\ufffd').Replace("\ufffd\udd1e", "𝄞", StringComparison.Ordinal)));
        Assert.That(document.RootElement.GetProperty("event").GetString(), Is.EqualTo("delivered"));
    }

    [TestCase("x", 1_024)]
    [TestCase("ü", 1_024)]
    [TestCase("€", 1_023)]
    [TestCase("𝄞", 1_024)]
    public void A_reply_is_cut_between_characters(string letter, int octets)
    {
        var text = Lines.Json(Lines.Delivered(1UL << 52) with { Reply = string.Concat(Enumerable.Repeat(letter, 2_000)) }, Lines.Noon);
        using var document = JsonDocument.Parse(text);
        var reply = document.RootElement.GetProperty("reply").GetString()!;

        Assert.That(Encoding.UTF8.GetByteCount(reply), Is.EqualTo(octets));
        Assert.That(reply.Replace(letter, string.Empty, StringComparison.Ordinal), Is.Empty);
    }

    [Test]
    public void An_address_that_is_no_text_does_not_break_the_line()
    {
        var text = Lines.Json(Lines.Delivered(1UL << 52) with { To = new byte[] { 0x41, 0xff, 0x42 } }, Lines.Noon);
        using var document = JsonDocument.Parse(text);

        Assert.That(document.RootElement.GetProperty("to").GetString(), Is.EqualTo("A\ufffdB"));
    }

    [Test]
    public void Nothing_is_allocated()
    {
        var (line, buffer) = (Lines.Full(), new LineBuffer());
        using var json = new Utf8JsonWriter(buffer, EventJson.Options);
        for (var round = 0; round < 100; round++)
        {
            Write();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Write();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Write()
        {
            buffer.Clear();
            json.Reset();
            EventJson.Write(json, line, line.Time, 1, 1);
            json.Flush();
        }
    }
}
