using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Tests.Configuration;

/// <summary>Keys of tokens, and what is made of them and of return paths.</summary>
internal sealed class FeedbackChecksTests
{
    private const string Keys = "\"tokenKeys\": { \"active\": \"k1\", \"keys\": { \"k1\": \"k1\" } }";

    [TestCase(Keys, "")]
    [TestCase(Keys + ", \"verp\": \"message\", \"unsubscribe\": { \"url\": \"https://u.example.com/list/\" }", "")]
    [TestCase("\"tokenKeys\": { \"active\": \"k2\", \"keys\": { \"k1\": \"k1\" } }", "4: $.feedback.tokenKeys.active: the key 'k2' does not exist; did you mean 'k1'?")]
    [TestCase("\"tokenKeys\": { \"active\": \"k1\", \"keys\": { \"k1\": \"none\" } }", "4: $.feedback.tokenKeys.keys.k1: the file DIR/none does not exist")]
    [TestCase("\"tokenKeys\": { \"active\": \"k1\", \"keys\": { \"k1\": \"short\" } }",
        "4: $.feedback.tokenKeys.keys.k1: the file DIR/short holds 31 octets: expected at least 32, as of \"head -c 32 /dev/urandom\"")]
    [TestCase("\"tokenKeys\": { \"active\": \"k1\", \"keys\": { \"k1\": \"open\" } }",
        "4: $.feedback.tokenKeys.keys.k1: the secret DIR/open is readable by everybody (mode 0644): expected mode 0640 or stricter")]
    [TestCase("\"tokenKeys\": { \"active\": \"k1\", \"keys\": { \"k1\": \"k1\", \"k2\": \"k1\", \"k3\": \"k1\", \"k4\": \"k1\", \"k5\": \"k1\", \"k6\": \"k1\", \"k7\": \"k1\", \"k8\": \"k1\", \"k9\": \"k1\" } }",
        "4: $.feedback.tokenKeys.keys: expected at most 8 keys, found 9: take out those nothing on its way was signed with")]
    [TestCase(Keys + ", \"unsubscribe\": { \"url\": \"http://u.example.com\" }",
        "4: $.feedback.unsubscribe.url: expected an https URL without query, of at most 200 characters, such as \"https://u.example.com\", found \"http://u.example.com\"")]
    [TestCase(Keys + ", \"unsubscribe\": { \"url\": \"https://u.example.com/?list=1\" }",
        "4: $.feedback.unsubscribe.url: expected an https URL without query, of at most 200 characters, such as \"https://u.example.com\", found \"https://u.example.com/?list=1\"")]
    [TestCase(Keys + ", \"unsubscribe\": { \"url\": \"u.example.com\" }",
        "4: $.feedback.unsubscribe.url: expected an https URL without query, of at most 200 characters, such as \"https://u.example.com\", found \"u.example.com\"")]
    public void Keys_and_links_are_checked(string feedback, string expected)
    {
        using var directory = Directory();

        Assert.That(Load(directory, feedback).Text().Replace(directory.Path, "DIR", StringComparison.Ordinal), Is.EqualTo(expected));
    }

    [TestCase("k1", "")]
    [TestCase("short", "5: $.suppression.keyFile: the file DIR/short holds 31 octets: expected at least 32, as of \"head -c 32 /dev/urandom\"")]
    [TestCase("none", "5: $.suppression.keyFile: the file DIR/none does not exist")]
    public void The_suppression_lists_key_is_checked_before_the_start(string file, string expected)
    {
        using var directory = Directory();

        Assert.That(Load(directory, Keys, $"\"suppression\": {{ \"keyFile\": \"{file}\" }}").Text().Replace(directory.Path, "DIR", StringComparison.Ordinal), Is.EqualTo(expected));
    }

    [Test]
    public void Without_keys_nothing_is_signed()
    {
        using var directory = Directory();
        var feedback = Load(directory, "\"complaints\": [\"fbl@mta1.example.com\"]").Snapshot!.Feedback;

        Assert.That((feedback.Tokens, feedback.Verp, feedback.UnsubscribeUrl, feedback.ComplaintAddress), Is.EqualTo(((TokenRing?)null, Verp.Off, (string?)null, (string?)null)));
    }

    [Test]
    public void With_keys_a_ring_signs_and_opens()
    {
        using var directory = Directory();
        var feedback = Load(directory, Keys + ", \"complaints\": [\"fbl@mta1.example.com\"], \"unsubscribe\": { \"url\": \"https://u.example.com\" }").Snapshot!.Feedback;
        var token = new ReturnToken(TokenPurpose.Unsubscribe, new MessageId(77), new AddressDigest(1, 2), feedback.StreamOf("acme", "news"), 325);

        Assert.That(feedback.Verp, Is.EqualTo(Verp.Recipient));
        Assert.That((feedback.UnsubscribeUrl, feedback.ComplaintAddress), Is.EqualTo(("https://u.example.com/", "fbl@mta1.example.com")));
        Assert.That(
            feedback.Tokens!.TryOpen(Encoding.ASCII.GetBytes(feedback.Tokens.Seal(token)), TokenPurpose.Unsubscribe, MessageId.Epoch.AddDays(326), TimeSpan.FromDays(1), out var read),
            Is.EqualTo(TokenVerdict.Good));
        Assert.That(read, Is.EqualTo(token));
    }

    [Test]
    public void What_findings_isolate_keeps_the_keys()
    {
        using var directory = Directory();
        var snapshot = Load(directory, Keys).Snapshot!;
        File.Delete(directory["k1"]);

        Assert.That(snapshot.Isolating([]).Feedback.Tokens, Is.SameAs(snapshot.Feedback.Tokens));
    }

    [Test]
    public void A_stream_has_the_same_number_wherever_it_is_asked_for()
    {
        using var directory = Directory();
        var feedback = Load(directory, Keys, "\"accounts\": { \"acme\": { \"number\": 4711, \"streams\": { \"news\": {} } }, \"zoe\": {} }").Snapshot!.Feedback;

        Assert.That(feedback.StreamOf("acme", "news"), Is.EqualTo(StreamKey.Of("acme", 4711, "news")));
        Assert.That(feedback.StreamOf("acme", "gone"), Is.EqualTo(StreamKey.Of("acme", 4711, "gone")));
        Assert.That(feedback.StreamOf("acme", ""), Is.EqualTo(new StreamKey(4711, 0)));
        Assert.That(feedback.StreamOf("zoe", ""), Is.EqualTo(StreamKey.Of("zoe", 0, "")));
        Assert.That(feedback.StreamOf("gone", "news"), Is.EqualTo(StreamKey.Of("gone", 0, "news")));
    }

    [TestCase("own.example", "back.own.example")]
    [TestCase("named.example", "b.named.example")]
    [TestCase("silent.example", "bounce.silent.example", Description = "named, without a return path: as * says")]
    [TestCase("other.example", "bounce.other.example")]
    [TestCase("", "bounce.mta1.example.com")]
    public void A_return_path_is_below_the_senders_domain_where_that_is_wanted(string sender, string expected)
    {
        using var directory = Directory();
        var snapshot = Load(directory, Keys, """
            "domains": { "*": { "returnPath": "bounce.{domain}" }, "own.example": { "returnPath": "back.own.example" },
              "named.example": { "returnPath": "b.{domain}" }, "silent.example": {} }
            """).Snapshot!;
        var paths = snapshot.Feedback.ReturnPaths;
        var found = paths.Of(sender.Length == 0 ? default : DomainName.Parse(sender));

        Assert.That(found.Name, Is.EqualTo(expected));
        Assert.That(Encoding.ASCII.GetString(found.Octets), Is.EqualTo("@" + expected));
        Assert.That(paths.Of(sender.Length == 0 ? default : DomainName.Parse(sender)), Is.SameAs(found));
    }

    [Test]
    public void Without_a_pattern_all_share_one_return_path()
    {
        using var directory = Directory();

        Assert.That(Load(directory, Keys).Snapshot!.Feedback.ReturnPaths.Of(DomainName.Parse("a.example")).Name, Is.EqualTo("bounce.mta1.example.com"));
        Assert.That(Load(directory, "\"returnPath\": \"back.example.com\"").Snapshot!.Feedback.ReturnPaths.Of(DomainName.Parse("a.example")).Name, Is.EqualTo("back.example.com"));
    }

    [Test]
    public void A_name_that_leaves_no_room_for_a_token_gets_the_default()
    {
        using var directory = Directory();
        var paths = Load(directory, Keys, "\"domains\": { \"*\": { \"returnPath\": \"bounce.{domain}\" } }").Snapshot!.Feedback.ReturnPaths;
        var longest = string.Join('.', Enumerable.Repeat(new string('a', 45), 3)) + ".example." + new string('b', 36);

        Assert.That(paths.Of(DomainName.Parse(longest)).Name, Has.Length.EqualTo(ReturnPathDomain.MaxLength));
        Assert.That(paths.Of(DomainName.Parse("x" + longest)).Name, Is.EqualTo("bounce.mta1.example.com"));
    }

    private static TemporaryDirectory Directory()
    {
        var directory = new TemporaryDirectory();
        directory.Write("k1", new string('k', 32));
        directory.Write("short", new string('k', 31));
        directory.Write("open", new string('k', 32), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return directory;
    }

    private static LoadResult Load(TemporaryDirectory directory, string feedback, string more = "\"accounts\": {}") => Sample.Load($$"""
        {
        "hostname": "mta1.example.com",
        "listeners": { "local": { "bind": ["127.0.0.1:2525"], "auth": "none" } },
        "feedback": { {{feedback}} },
        {{more}}
        }
        """, directory["engine.json"]);
}
