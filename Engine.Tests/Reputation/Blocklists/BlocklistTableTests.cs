using Engine.Configuration;
using Engine.Reputation.Blocklists;

namespace Engine.Tests.Reputation.Blocklists;

/// <summary>The data we ship.</summary>
internal sealed class BlocklistTableTests
{
    private static readonly IReadOnlyList<BlocklistRow> Rows = BlocklistTable.Shipped();

    private static readonly DeadZones Dead = BlocklistTable.Dead();

    private static readonly Dictionary<string, string> Keys = new() { ["spamhaus-dqs"] = "abcdefghijklmnop", ["abusix"] = "qrstuvwx" };

    [Test]
    public void Every_row_is_read() => Assert.That(Rows, Has.Count.GreaterThan(160));

    [Test]
    public void No_zone_stands_twice() => Assert.That(Rows.Select(row => row.Shown), Is.Unique);

    [Test]
    public void No_code_is_claimed_twice()
    {
        var clashes = from row in Rows
                      let sets = new[] { row.Rules.Listed, [AnswerRules.Errors, .. row.Rules.Refused], row.Rules.Known }
                      let codes = sets.SelectMany(set => set).ToList()
                      from left in Enumerable.Range(0, codes.Count)
                      from right in Enumerable.Range(left + 1, codes.Count - left - 1)
                      where codes[left].Overlaps(codes[right])
                      select $"{row.Zone}: {codes[left]} and {codes[right]}";

        Assert.That(clashes, Is.Empty);
    }

    [Test]
    public void Every_code_can_match()
    {
        var silent = from row in Rows
                     from code in row.Rules.Listed.Concat(row.Rules.Refused).Concat(row.Rules.Known)
                     let last = code.Bit == 0 ? code.Last.Low : code.Bit
                     let sample = new System.Net.IPAddress([127, code.Second.Low, code.Third.Low, last])
                     where !code.Matches(sample)
                     select $"{row.Zone}: {code}";

        Assert.That(silent, Is.Empty);
    }

    [Test]
    public void Every_zone_says_whence_it_is_known() => Assert.That(Rows.Where(row => row.Source.Length == 0).Select(row => row.Zone), Is.Empty);

    [Test]
    public void Every_major_zone_says_where_to_ask_for_delisting() =>
        Assert.That(Rows.Where(row => row.Weight is ListWeight.Major && !row.Delisting.StartsWith("https://", StringComparison.Ordinal)).Select(row => row.Zone), Is.Empty);

    [Test]
    public void Duplicates_are_zones_of_the_table()
    {
        var zones = Rows.Select(row => row.Zone).ToHashSet();

        Assert.That(Rows.SelectMany(row => row.Duplicates).Where(zone => !zones.Contains(zone)), Is.Empty);
    }

    [Test]
    public void Only_major_zones_move_mail_by_default() =>
        Assert.That(Rows.Where(row => row.Affects.Count > 0 && row.Weight is not ListWeight.Major).Select(row => row.Zone), Is.Empty);

    [Test]
    public void No_zone_that_is_asked_by_default_has_died() =>
        Assert.That(Chosen(new BlocklistOptions()).Where(list => Dead.Fate(list.Zone) is not null).Select(list => list.Zone), Is.Empty);

    [Test]
    public void A_dead_zone_is_never_asked_even_when_it_is_switched_on_in_a_table_of_ones_own()
    {
        foreach (var zone in Dead.Names.SelectMany(name => new[] { name, $"dnsbl.{name}" }).Where(zone => Dead.Fate(zone) is not null))
        {
            var row = $"{zone}\tip4\tmajor\tyes\t\t*\t127.0.0.2\t\t\t\t\t\t\t\t\t\t";
            var own = BlocklistTable.Read($"head\n{row}", out var faults);
            Assert.That(faults, Is.Empty);
            var options = new BlocklistOptions { Zones = new Dictionary<string, ZoneChoice> { [zone] = ZoneChoice.On } };

            var lists = BlocklistSelection.Choose(own, Dead, options, new Dictionary<string, string>(), out var findings);

            Assert.That(lists, Is.Empty, zone);
            Assert.That(findings.Single().Message, Does.StartWith($"the zone {zone} has ended: "));
        }
    }

    [TestCase("dnsbl.sorbs.net", true)]
    [TestCase("sorbs.net", true)]
    [TestCase("notsorbs.net", false)]
    [TestCase("cbl.abuseat.org", true)]
    [TestCase("x.cbl.abuseat.org", false)]
    [TestCase("zen.spamhaus.org", false)]
    public void A_zone_has_ended(string zone, bool expected) => Assert.That(Dead.Fate(zone) is not null, Is.EqualTo(expected));

    [Test]
    public void Without_keys_the_public_zones_are_asked()
    {
        var zones = Chosen(new BlocklistOptions()).Select(list => list.Zone).ToHashSet();

        Assert.That(zones, Does.Contain("zen.spamhaus.org").And.Contain("dbl.spamhaus.org").And.Contain("list.dnswl.org"));
        Assert.That(zones, Does.Not.Contain("sbl.spamhaus.org").And.Not.Contain("zen.dq.spamhaus.net").And.Not.Contain("spam.rbl.blockedservers.com"));
    }

    [Test]
    public void With_a_key_the_keyed_zone_stands_for_the_public_one_and_the_key_is_not_shown()
    {
        var lists = BlocklistSelection.Choose(Rows, Dead, new BlocklistOptions(), Keys, out var faults);
        var zen = lists.Single(list => list is { Zone: "zen.dq.spamhaus.net", Kind: ListKind.Ip4 });

        Assert.That(faults, Is.Empty);
        Assert.That(lists.Select(list => list.Zone), Does.Not.Contain("zen.spamhaus.org").And.Not.Contain("dbl.spamhaus.org").And.Contain("combined.mail.abusix.zone"));
        Assert.That(zen.Suffix.Name, Is.EqualTo("abcdefghijklmnop.zen.dq.spamhaus.net"));
        Assert.That(zen.ToString(), Is.EqualTo("zen.dq.spamhaus.net"));
    }

    [TestCase("zen.spamhaus.org", ZoneChoice.Off, "zen.spamhaus.org", false, "")]
    [TestCase("sbl.spamhaus.org", ZoneChoice.On, "sbl.spamhaus.org", true, "")]
    [TestCase("dnsbl-0.uceprotect.net", ZoneChoice.On, "dnsbl-0.uceprotect.net", true, "")]
    [TestCase("zen.dq.spamhaus.net", ZoneChoice.On, "zen.dq.spamhaus.net", false, "zones['zen.dq.spamhaus.net']: the zone zen.dq.spamhaus.net needs blocklists.keys.spamhaus-dqs")]
    [TestCase("no.such.example", ZoneChoice.Off, "no.such.example", false, "zones['no.such.example']: the zone no.such.example is in no table")]
    public void A_zone_is_switched(string zone, ZoneChoice choice, string asked, bool expected, string fault)
    {
        var options = new BlocklistOptions { Zones = new Dictionary<string, ZoneChoice> { [zone] = choice } };
        var lists = BlocklistSelection.Choose(Rows, Dead, options, new Dictionary<string, string>(), out var faults);

        Assert.That(lists.Any(list => list.Zone == asked), Is.EqualTo(expected));
        Assert.That(string.Join('\n', faults.Select(one => $"{one.Path}: {one.Message}")), Is.EqualTo(fault));
    }

    [TestCase("dqs", "abc", "keys['dqs']: no zone has the key 'dqs': expected spamhaus-dqs or abusix")]
    [TestCase("abusix", "a key", "keys['abusix']: the file holds no key: expected letters and digits on one line")]
    [TestCase("abusix", "a.b", "keys['abusix']: the file holds no key: expected letters and digits on one line")]
    [TestCase("abusix", "abc1", "")]
    public void A_key_is_a_label_of_a_known_name(string name, string key, string expected)
    {
        BlocklistSelection.Choose(Rows, Dead, new BlocklistOptions(), new Dictionary<string, string> { [name] = key }, out var faults);

        Assert.That(string.Join('\n', faults.Select(one => $"{one.Path}: {one.Message}")), Is.EqualTo(expected));
    }

    [TestCase("a.example", "line 2: expected 17 columns, found 1")]
    [TestCase("a.example\tip5\tmajor\tyes\t\t\t127.0.0.2\t\t\t\t\t\t\t\t\t\t", "line 2: expected kinds ip4, ip6, domain, found 'ip5'")]
    [TestCase("a.example\tip4\thuge\tyes\t\t\t127.0.0.2\t\t\t\t\t\t\t\t\t\t", "line 2: expected a weight major, minor, info or white, found 'huge'")]
    [TestCase("a.example\tip4\tmajor\tperhaps\t\t\t127.0.0.2\t\t\t\t\t\t\t\t\t\t", "line 2: expected a default yes, no or if_key, found 'perhaps'")]
    [TestCase("a.example\tip4\tmajor\tyes\t\t\t127.0.0\t\t\t\t\t\t\t\t\t\t", "line 2: '127.0.0' is not a code")]
    [TestCase("a.example\tip4\tmajor\tyes\t\t\t\t\t\t\t\t\t\t\t\t\t", "line 2: no code is a listing")]
    [TestCase("{key}.a.example\tip4\tmajor\tyes\t\t\t127.0.0.2\t\t\t\t\t\t\t\t\t\t", "line 2: the zone needs a key and the column 'key' names none")]
    [TestCase("a.example\tip4\tmajor\tyes\t\t\t127.0.0.2\t\t\tlisted clean\t\t\t\t\t\t\t", "line 2: expected addresses in the column 'test'")]
    [TestCase("a.example\tip4,domain\tmajor\tyes\t\t\t127.0.0.2\t\t\t- 8.8.8.8\t\t\t\t\t\t\t", "line 2: a test of its own is for a zone of one kind")]
    [TestCase("a.example\tip4\tmajor\tyes\t\t\t127.0.0.2\t\t\t\t\t\t\t\t\t\t\na.example\tip4\tmajor\tyes\t\t\t127.0.0.2\t\t\t\t\t\t\t\t\t\t", "line 3: the zone a.example stands there already")]
    public void A_row_that_is_none_is_said(string rows, string expected)
    {
        BlocklistTable.Read($"head\n{rows}\n\n# a note", out var faults);

        Assert.That(string.Join('\n', faults), Is.EqualTo(expected));
    }

    [TestCase(ListKind.Ip4, "192.0.2.10", "10.2.0.192.list.example")]
    [TestCase(ListKind.Ip6, "2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.list.example")]
    [TestCase(ListKind.Ip6, "::ffff:7f00:2", "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.list.example")]
    [TestCase(ListKind.Domain, "acme.example", "acme.example.list.example")]
    public void A_question_is_a_name_under_the_zone(ListKind kind, string target, string expected)
    {
        Assert.That(SampleLists.Make("list.example", kind: kind).TryName(target, out var name), Is.True);
        Assert.That(name.Name, Is.EqualTo(expected));
    }

    private static IReadOnlyList<Blocklist> Chosen(BlocklistOptions options) => BlocklistSelection.Choose(Rows, Dead, options, new Dictionary<string, string>(), out _);
}
