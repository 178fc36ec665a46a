using System.Text;
using Engine.Mail;

namespace Engine.Tests.Mail;

[TestFixture]
internal sealed class TokenRingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);
    private static readonly TokenRing Ring = new([("k1", Secret(1))], "k1");

    private static readonly ReturnToken Token = new(
        TokenPurpose.Bounce, new MessageId(0x0123_4567_89AB_CDEF), new AddressDigest(0xFEDC_BA98_7654_3210, 0xDEAD_BEEF), new StreamKey(0x0102_0304, 0xA0B0), ReturnToken.DayOf(Now));

    [Test]
    public void A_token_says_what_was_put_in()
    {
        var random = new Random(5);
        for (var turn = 0; turn < 1_000; turn++)
        {
            var made = new ReturnToken(
                (TokenPurpose)random.Next(1, 4), new MessageId((ulong)random.NextInt64()), new AddressDigest((ulong)random.NextInt64(), (uint)random.Next()),
                new StreamKey((uint)random.NextInt64(1L << 32), (ushort)random.Next(1 << 16)), Token.Day)
            {
                Campaign = (ushort)random.Next(1 << 16),
            };
            Assert.That(Ring.TryOpen(Octets(Ring.Seal(made)), made.Purpose, Now, Lifetime, out var read), Is.EqualTo(TokenVerdict.Good));
            Assert.That(read, Is.EqualTo(made));
        }
    }

    [Test]
    public void A_campaign_is_known_by_a_mark_and_none_by_no_mark()
    {
        var marks = Enumerable.Range(0, 200).Select(static at => ReturnToken.CampaignOf($"campaign-{at}")).ToList();

        Assert.That(marks, Has.None.Zero);
        Assert.That(marks.Distinct().Count(), Is.GreaterThan(195));
        Assert.That(ReturnToken.CampaignOf(string.Empty), Is.Zero);
    }

    [Test]
    public void A_token_is_a_local_part()
    {
        var address = Ring.Seal(Token) + "@bounce.example.com";
        Assert.That(Mailbox.Parse(address).Local.Length, Is.EqualTo(TokenRing.TextLength));
    }

    [Test]
    public void Case_does_not_matter()
    {
        Assert.That(Ring.TryOpen(Octets(Ring.Seal(Token).ToUpperInvariant()), TokenPurpose.Bounce, Now, Lifetime, out var read), Is.EqualTo(TokenVerdict.Good));
        Assert.That(read, Is.EqualTo(Token));
    }

    [Test]
    public void Any_changed_character_spoils_it()
    {
        var text = Octets(Ring.Seal(Token));
        for (var at = 0; at < text.Length; at++)
        {
            for (var letter = 0; letter < 256; letter++)
            {
                var other = (byte[])text.Clone();
                other[at] = (byte)letter;
                if (char.ToLowerInvariant((char)letter) == text[at])
                {
                    continue;
                }

                Assert.That(Ring.TryOpen(other, TokenPurpose.Bounce, Now, Lifetime, out var read), Is.AnyOf(TokenVerdict.NotOurs, TokenVerdict.Forged), $"{at}: {letter}");
                Assert.That(read, Is.Default);
            }
        }
    }

    [Test]
    public void Of_a_million_forgeries_none_is_good()
    {
        var random = new Random(1);
        var text = Octets(Ring.Seal(Token));
        var alphabet = "0123456789abcdefghjkmnpqrstvwxyz"u8.ToArray();
        var good = 0;
        for (var turn = 0; turn < 1_000_000; turn++)
        {
            // The head of a real one, so that each gets as far as the MAC.
            for (var at = 2; at < text.Length; at++)
            {
                text[at] = alphabet[random.Next(32)];
            }

            good += Ring.TryOpen(text, TokenPurpose.Bounce, Now, Lifetime, out _) is TokenVerdict.Good or TokenVerdict.Expired ? 1 : 0;
        }

        Assert.That(good, Is.Zero);
    }

    [Test]
    public void What_has_not_the_form_is_not_ours([Values("", "postmaster", "fbl", "bounce+0123456789")] string text) =>
        Assert.That(Ring.TryOpen(Octets(text), TokenPurpose.Bounce, Now, Lifetime, out _), Is.EqualTo(TokenVerdict.NotOurs));

    [Test]
    public void One_character_more_or_less_is_not_ours()
    {
        var text = Ring.Seal(Token);
        Assert.That(Ring.TryOpen(Octets(text[1..]), TokenPurpose.Bounce, Now, Lifetime, out _), Is.EqualTo(TokenVerdict.NotOurs));
        Assert.That(Ring.TryOpen(Octets(text + "0"), TokenPurpose.Bounce, Now, Lifetime, out _), Is.EqualTo(TokenVerdict.NotOurs));
    }

    [Test]
    public void A_token_is_worth_nothing_for_another_purpose(
        [Values(TokenPurpose.Bounce, TokenPurpose.Complaint, TokenPurpose.Unsubscribe)] TokenPurpose made,
        [Values(TokenPurpose.Bounce, TokenPurpose.Complaint, TokenPurpose.Unsubscribe)] TokenPurpose shown)
    {
        var verdict = Ring.TryOpen(Octets(Ring.Seal(Token with { Purpose = made })), shown, Now, Lifetime, out _);
        Assert.That(verdict, Is.EqualTo(made == shown ? TokenVerdict.Good : TokenVerdict.Forged));
    }

    [TestCase(0, TokenVerdict.Good)]
    [TestCase(13, TokenVerdict.Good)]
    [TestCase(14, TokenVerdict.Good)]
    [TestCase(15, TokenVerdict.Expired)]
    [TestCase(4_000, TokenVerdict.Expired)]
    [TestCase(-1, TokenVerdict.Good)]
    [TestCase(-2, TokenVerdict.Forged)]
    public void It_is_believed_for_its_lifetime_and_not_before_its_day(int daysLater, TokenVerdict expected) =>
        Assert.That(Ring.TryOpen(Octets(Ring.Seal(Token)), TokenPurpose.Bounce, Now.AddDays(daysLater), Lifetime, out _), Is.EqualTo(expected));

    [Test]
    public void An_expired_token_still_says_who_it_was_for()
    {
        Assert.That(Ring.TryOpen(Octets(Ring.Seal(Token)), TokenPurpose.Bounce, Now.AddDays(99), Lifetime, out var read), Is.EqualTo(TokenVerdict.Expired));
        Assert.That(read, Is.EqualTo(Token));
    }

    [Test]
    public void Keys_come_and_go_and_what_is_on_its_way_is_believed_while_its_key_is_there()
    {
        var names = Enumerable.Range(0, TokenRing.MaxKeys).Select(at => (Name: $"key{at}", Secret: Secret((byte)(at + 10)))).ToArray();
        var all = new TokenRing(names, "key3");
        foreach (var (name, _) in names)
        {
            var sealedThen = Octets(new TokenRing(names, name).Seal(Token));
            var without = new TokenRing([("fresh", Secret(99)), .. names.Where(key => !key.Name.Equals(name, StringComparison.Ordinal)).Reverse().Skip(1)], "fresh");
            Assert.That(all.TryOpen(sealedThen, TokenPurpose.Bounce, Now, Lifetime, out _), Is.EqualTo(TokenVerdict.Good), name);
            Assert.That(without.TryOpen(sealedThen, TokenPurpose.Bounce, Now, Lifetime, out _), Is.EqualTo(TokenVerdict.Forged), name);
        }
    }

    [Test]
    public void A_key_of_the_same_name_with_another_secret_opens_nothing() =>
        Assert.That(new TokenRing([("k1", Secret(2))], "k1").TryOpen(Octets(Ring.Seal(Token)), TokenPurpose.Bounce, Now, Lifetime, out _), Is.EqualTo(TokenVerdict.Forged));

    [Test]
    public void A_ring_needs_its_active_key_and_long_secrets_and_few_keys()
    {
        Assert.That(() => new TokenRing([("k1", Secret(1))], "k2"), Throws.ArgumentException);
        Assert.That(() => new TokenRing([("k1", new byte[31])], "k1"), Throws.ArgumentException);
        Assert.That(() => new TokenRing([.. Enumerable.Range(0, 9).Select(at => ($"k{at}", Secret(1)))], "k1"), Throws.ArgumentException);
    }

    [Test]
    public void Sealing_into_a_buffer_and_opening_allocate_nothing()
    {
        var text = new byte[TokenRing.TextLength];
        Turn();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < 100; turn++)
        {
            Turn();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Turn()
        {
            Ring.Seal(Token, text);
            Ring.TryOpen(text, TokenPurpose.Bounce, Now, Lifetime, out _);
        }
    }

    private static byte[] Secret(byte fill) => [.. Enumerable.Repeat(fill, 32)];

    private static byte[] Octets(string text) => Encoding.ASCII.GetBytes(text);
}
