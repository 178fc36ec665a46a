using System.Buffers.Binary;
using Engine.Dns;

namespace Engine.Tests.Dns;

internal sealed class AnswerReaderTests
{
    private static readonly DnsQuery Query = new(4_711, "example.com", RecordType.Mx) { UdpSize = 1_232, WantsAuthenticity = true };

    private static readonly AnswerReader Reader = new(trustAd: true, new ManualClock());

    [Test]
    public void Records_are_found_with_the_lowest_ttl()
    {
        var reading = Read(Reply(Asked.Mx("example.com", 10, "a.example", 300), Asked.Mx("example.com", 20, "b.example", 60)));

        Assert.That(reading.Outcome, Is.EqualTo(TryOutcome.Answered));
        Assert.That(reading.Answer!.Status, Is.EqualTo(LookupStatus.Found));
        Assert.That(reading.Answer.Records, Is.EqualTo(new[] { new DnsRecord.Mx(10, "a.example"), new DnsRecord.Mx(20, "b.example") }));
        Assert.That(reading.Answer.Expires, Is.EqualTo(ManualClock.Start.AddSeconds(60)));
    }

    [TestCase(0u, 1)]
    [TestCase(0x8000_0001u, 1, Description = "the top bit means zero: RFC 2181 §8")]
    [TestCase(86_400u, 86_400)]
    [TestCase(604_800u, 86_400)]
    public void A_ttl_is_kept_within_bounds(uint ttl, int seconds) =>
        Assert.That(Read(Reply(Asked.Mx("example.com", 10, "a.example", ttl))).Answer!.Expires, Is.EqualTo(ManualClock.Start.AddSeconds(seconds)));

    [Test]
    public void Aliases_are_followed_in_any_order_and_their_ttl_counts()
    {
        var reading = Read(Reply(
            Asked.Mx("c.example", 10, "mx.example", 300),
            Asked.Alias("b.example", "C.example", 40),
            Asked.Alias("Example.com", "B.example", 500),
            Asked.Mx("unrelated.example", 1, "no.example")));

        Assert.That(reading.Answer!.Records, Is.EqualTo(new[] { new DnsRecord.Mx(10, "mx.example") }));
        Assert.That(reading.Answer.Expires, Is.EqualTo(ManualClock.Start.AddSeconds(40)));
    }

    [Test]
    public void Aliases_in_a_circle_fail() =>
        Assert.That(Read(Reply(Asked.Alias("example.com", "b.example"), Asked.Alias("b.example", "example.com"))).Outcome, Is.EqualTo(TryOutcome.ServerFailed));

    [Test]
    public void Records_of_other_names_do_not_count() =>
        Assert.That(Read(Reply(Asked.Mx("example.net", 10, "a.example"))).Answer!.Status, Is.EqualTo(LookupStatus.NoData));

    [Test]
    public void The_name_that_aliases_lead_to_is_told()
    {
        var far = Read(Reply(Asked.Alias("example.com", "B.example"), Asked.Alias("b.example", "C.example"), Asked.Mx("c.example", 5, "mx.example")));
        var none = Read(Reply(Asked.Mx("example.com", 5, "mx.example")));

        Assert.That(far.Answer!.Alias, Is.EqualTo("c.example"));
        Assert.That(none.Answer!.Alias, Is.Null);
    }

    [Test]
    public void An_alias_without_its_target_leads_onward()
    {
        var reading = Read(Reply(Asked.Alias("example.com", "b.example")));

        Assert.That(reading.Outcome, Is.EqualTo(TryOutcome.Answered));
        Assert.That(reading.Onward, Is.EqualTo("b.example"));
    }

    [Test]
    public void An_alias_whose_target_is_said_to_have_no_records_is_an_end()
    {
        var reading = Read(Asked.Write(new DnsResponse(Query, ResponseCode.NoError)
        {
            Answers = [Asked.Alias("example.com", "b.example")],
            Authorities = [Asked.Start("example", 60)],
        }));

        Assert.That(reading.Answer!.Status, Is.EqualTo(LookupStatus.NoData));
        Assert.That(reading.Onward, Is.Null);
    }

    [TestCase(ResponseCode.NoSuchName, LookupStatus.NoSuchDomain, 300u, 3_600u, 300)]
    [TestCase(ResponseCode.NoError, LookupStatus.NoData, 300u, 3_600u, 300)]
    [TestCase(ResponseCode.NoError, LookupStatus.NoData, 300u, 20u, 20, Description = "the SOA's own TTL is lower")]
    [TestCase(ResponseCode.NoSuchName, LookupStatus.NoSuchDomain, 86_400u, 86_400u, 900, Description = "at most 15 minutes")]
    [TestCase(ResponseCode.NoSuchName, LookupStatus.NoSuchDomain, 0u, 3_600u, 1)]
    public void A_no_is_kept_as_long_as_the_zone_says(object code, object status, uint minimum, uint ttl, int seconds)
    {
        var reply = Asked.Write(new DnsResponse(Query, (ResponseCode)code) { Authorities = [Asked.Start("example", minimum, ttl)] });
        var answer = Read(reply).Answer!;

        Assert.That(answer.Status, Is.EqualTo((LookupStatus)status));
        Assert.That(answer.Expires, Is.EqualTo(ManualClock.Start.AddSeconds(seconds)));
    }

    [Test]
    public void A_no_without_the_zones_word_is_kept_for_seconds() =>
        Assert.That(Read(Asked.Write(new DnsResponse(Query, ResponseCode.NoSuchName))).Answer!.Expires, Is.EqualTo(ManualClock.Start.AddSeconds(5)));

    [TestCase(ResponseCode.FormatError, TryOutcome.NoEdns)]
    [TestCase(ResponseCode.NotImplemented, TryOutcome.NoEdns)]
    [TestCase(ResponseCode.ServerFailure, TryOutcome.ServerFailed)]
    [TestCase(ResponseCode.Refused, TryOutcome.Refused)]
    [TestCase((ResponseCode)9, TryOutcome.ServerFailed)]
    public void A_code_says_what_went_wrong(object code, object outcome) =>
        Assert.That(Read(Asked.Write(new DnsResponse(Query, (ResponseCode)code))).Outcome, Is.EqualTo((TryOutcome)outcome));

    [Test]
    public void The_upper_bits_of_the_code_are_read_from_edns()
    {
        var reply = Reply();
        reply[^6] = 1;

        Assert.That(Read(reply).Outcome, Is.EqualTo(TryOutcome.NoEdns), "16 is BADVERS");
    }

    [Test]
    public void A_server_that_could_not_read_the_question_need_not_echo_it()
    {
        var reply = new byte[DnsHeader.Length];
        new DnsHeader(Query.Id, DnsHeader.Response | (int)ResponseCode.FormatError, 0, 0, 0, 0).Write(reply);
        Assert.That(Read(reply).Outcome, Is.EqualTo(TryOutcome.NoEdns));

        new DnsHeader(Query.Id, DnsHeader.Response | (int)ResponseCode.NoSuchName, 0, 0, 0, 0).Write(reply);
        Assert.That(Read(reply).Outcome, Is.EqualTo(TryOutcome.Stray), "nothing else goes without the question");
    }

    [Test]
    public void What_is_no_reply_to_this_question_is_a_stray()
    {
        var good = Reply(Asked.Mx("example.com", 10, "a.example"));
        Assert.That(Read(good).Outcome, Is.EqualTo(TryOutcome.Answered));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read(Changed(good, 1, 0xFF)).Outcome, Is.EqualTo(TryOutcome.Stray), "id");
            Assert.That(Read(Changed(good, 2, 0x01)).Outcome, Is.EqualTo(TryOutcome.Stray), "not a reply");
            Assert.That(Read(Changed(good, 2, 0x89)).Outcome, Is.EqualTo(TryOutcome.Stray), "another opcode");
            Assert.That(Read(Changed(good, 5, 2)).Outcome, Is.EqualTo(TryOutcome.Stray), "two questions");
            Assert.That(Read(Changed(good, 14, (byte)'z')).Outcome, Is.EqualTo(TryOutcome.Stray), "another name");
            Assert.That(Read(Changed(good, 14, (byte)'X')).Outcome, Is.EqualTo(TryOutcome.Stray), "another case");
            Assert.That(Read(Changed(good, 26, 1)).Outcome, Is.EqualTo(TryOutcome.Stray), "another type");
            Assert.That(Read([]).Outcome, Is.EqualTo(TryOutcome.Stray), "nothing");
        }
    }

    [TestCase(true, true, true)]
    [TestCase(true, false, false)]
    [TestCase(false, true, false)]
    public void The_AD_bit_counts_only_when_trusted(bool trusted, bool set, bool expected)
    {
        var reply = Asked.Write(new DnsResponse(Query, ResponseCode.NoError) { IsAuthentic = set, Answers = [Asked.Mx("example.com", 10, "a.example")] });

        Assert.That(new AnswerReader(trusted, new ManualClock()).Read(reply, Octets()).Answer!.IsAuthentic, Is.EqualTo(expected));
    }

    [Test]
    public void A_truncated_reply_is_not_read_further() => Assert.That(Read(Changed(Reply(), 2, 0x83)).Outcome, Is.EqualTo(TryOutcome.Truncated));

    [Test]
    public void A_reply_cut_anywhere_gives_no_answer()
    {
        var reply = LongReply();
        for (var cut = 0; cut < reply.Length; cut++)
        {
            Assert.That(Read(reply[..cut]).Outcome, Is.EqualTo(TryOutcome.Stray).Or.EqualTo(TryOutcome.Malformed), $"cut at {cut}");
        }
    }

    [Test]
    public void Data_that_is_broken_inside_makes_the_reply_malformed()
    {
        // The data length of the only MX, one less and one more than its host needs.
        var reply = Reply(Asked.Mx("example.com", 10, "a.example"));
        var at = 29 + 10;
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(reply.AsSpan(at)), Is.EqualTo(2 + 11));

        Assert.That(Read(Changed(reply, at + 1, 2 + 10)).Outcome, Is.EqualTo(TryOutcome.Malformed));
        Assert.That(Read(Changed(reply, at + 1, 2 + 12)).Outcome, Is.EqualTo(TryOutcome.Malformed));
    }

    [Test]
    public void No_mutation_makes_the_reader_throw([Range(1, 8)] int seed)
    {
        var chance = new Random(seed);
        var good = LongReply();
        var outcomes = new HashSet<TryOutcome>();
        for (var round = 0; round < 20_000; round++)
        {
            var reply = good.ToArray();
            for (var changes = chance.Next(1, 6); changes > 0; changes--)
            {
                reply[chance.Next(round % 2 == 0 ? DnsHeader.Length : 0, reply.Length)] = (byte)chance.Next(256);
            }

            outcomes.Add(Read(reply[..chance.Next(reply.Length / 2, reply.Length + 1)]).Outcome);
            outcomes.Add(Read(reply).Outcome);
        }

        Assert.That(outcomes, Is.SupersetOf(new[] { TryOutcome.Answered, TryOutcome.Malformed, TryOutcome.Stray }));
    }

    [Test]
    public void No_random_octets_make_the_reader_throw()
    {
        var chance = new Random(9);
        var start = Reply()[..29];
        for (var round = 0; round < 50_000; round++)
        {
            var reply = new byte[chance.Next(29, 300)];
            chance.NextBytes(reply);
            start.CopyTo(reply, 0);
            reply[7] = (byte)chance.Next(5);
            reply[9] = (byte)chance.Next(5);

            Assert.That(Read(reply).Outcome, Is.Not.EqualTo(TryOutcome.Stray));
        }
    }

    private static Reading Read(byte[] reply) => Reader.Read(reply, Octets());

    private static byte[] Octets()
    {
        var octets = new byte[DnsQuery.MaxLength];
        return octets[..Query.Write(octets)];
    }

    private static byte[] Reply(params ResourceRecord[] answers) => Asked.Write(new DnsResponse(Query, ResponseCode.NoError) { Answers = answers });

    private static byte[] LongReply() => Asked.Write(new DnsResponse(Query, ResponseCode.NoError)
    {
        Answers = [Asked.Alias("example.com", "other.example"), Asked.Mx("other.example", 5, "mx1.example"), Asked.Mx("other.example", 10, "mx2.other.example")],
        Authorities = [Asked.Start("other.example", 60)],
        Additionals = [Asked.Address("mx1.example", "192.0.2.1"), Asked.Address("mx2.other.example", "2001:db8::2")],
    });

    private static byte[] Changed(byte[] octets, int at, byte value)
    {
        var changed = octets.ToArray();
        changed[at] = value;
        return changed;
    }
}
