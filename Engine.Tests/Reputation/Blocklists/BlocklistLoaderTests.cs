using Engine.Configuration;
using Engine.Reputation.Blocklists;
using Engine.Tests.Configuration;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class BlocklistLoaderTests
{
    private const string Own = "zone\nlist.example\tip4\tmajor\tyes\t\t*\t127.0.0.2\t\t\t\t\t\t\t\t\t\t\nzen.spamhaus.org\tip4\tminor\tyes\t\t\t127.0.0.2\t\t\t\t\t\t\t\t\t\t\n";

    [Test]
    public void A_table_of_ones_own_wins_over_ours_and_keys_are_read_from_their_files()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("own.tsv", Own);
        directory.Write("key", "abcdef\n");
        var options = new BlocklistOptions { File = "own.tsv", Keys = new Dictionary<string, string> { ["abusix"] = "key" } };

        var lists = BlocklistLoader.Load(Snapshot(directory, options), out var findings);

        Assert.That(findings, Is.Empty);
        Assert.That(lists.Single(list => list.Zone == "zen.spamhaus.org").Weight, Is.EqualTo(ListWeight.Minor));
        Assert.That(lists.Select(list => list.Zone), Does.Contain("list.example").And.Contain("bl.spamcop.net"));
        Assert.That(lists.First(list => list.Zone == "combined.mail.abusix.zone").Suffix.Name, Is.EqualTo("abcdef.combined.mail.abusix.zone"));
    }

    [Test]
    public void What_cannot_be_read_is_a_finding()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("own.tsv", "zone\nlist.example\n");
        var options = new BlocklistOptions
        {
            File = "own.tsv",
            Keys = new Dictionary<string, string> { ["abusix"] = "none" },
            Zones = new Dictionary<string, ZoneChoice> { ["dnsbl.sorbs.net"] = ZoneChoice.On },
        };

        BlocklistLoader.Load(Snapshot(directory, options), out var findings);

        Assert.That(findings.Select(finding => finding.Path), Is.EqualTo(new[] { "$.blocklists.file", "$.blocklists.keys['abusix']", "$.blocklists.zones['dnsbl.sorbs.net']" }));
        Assert.That(findings[0].Message, Does.EndWith("own.tsv, line 2: expected 17 columns, found 1"));
    }

    [Test]
    public void With_off_no_list_is_asked()
    {
        using var directory = new TemporaryDirectory();

        Assert.That(BlocklistLoader.Load(Snapshot(directory, new BlocklistOptions { OnListing = ListingAction.Off }), out _), Is.Empty);
    }

    private static Snapshot Snapshot(TemporaryDirectory directory, BlocklistOptions options) => new(new EngineOptions { Blocklists = options }, directory["."]);
}
