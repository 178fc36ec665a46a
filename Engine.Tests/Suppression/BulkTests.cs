using System.Text;
using System.Text.RegularExpressions;
using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression;
using Engine.Suppression.Bulk;

namespace Engine.Tests.Suppression;

internal sealed class BulkTests
{
    private static readonly AccountNames Names = new(new Snapshot(new EngineOptions
    {
        Accounts = new Dictionary<string, AccountOptions> { ["acme"] = new() { Number = 7, Streams = new Dictionary<string, StreamOptions> { ["news"] = new() } } },
    }));

    private static readonly StreamKey News = StreamKey.Of("acme", 7, "news");

    [TestCase("ann@example.com", "global//manual/")]
    [TestCase("ann@example.com,account,acme", "account//manual/")]
    [TestCase("ann@example.com,,acme,news", "stream//manual/")]
    [TestCase("ann@example.com,,acme,,marketing,complaint", "account/marketing/complaint/")]
    [TestCase("ann@example.com,global,acme,news,,hard,365d", "global//hard/2027-11-23")]
    [TestCase("ann@example.com,,,,,HARD,2030-01-01", "global//hard/2030-01-01")]
    [TestCase("ann@example.com,,,,,hard,30d,2026-11-01T10:00:00Z", "global//hard/2026-12-02")]
    [TestCase("\"Ann@EXAMPLE.com \"", "global//manual/")]
    [TestCase("stream,account,email\nnews,acme,ann@example.com", "stream//manual/")]
    [TestCase("Address,name\nann@example.com,\"Ann, of X\"", "global//manual/")]
    [TestCase("ann@example.com,stream,#7,#4", "stream//manual/")]
    public async Task A_line_adds(string text, string expected)
    {
        await using var lists = await Lists.OpenAsync();
        var (result, faults) = await ImportAsync(lists, text);

        Assert.That(faults, Is.Empty);
        Assert.That(result.Added, Is.EqualTo(1));
        var entry = (await lists.AllAsync()).Single().Entry;
        Assert.That(entry.Address, Is.EqualTo(lists.Digest("ann@example.com")));
        Assert.That(entry.Origin, Is.EqualTo(SuppressionOrigin.Import));
        var shown = $"{entry.Scope.Kind}/{entry.Scope.Class}/{entry.Reason}/{entry.Expires:yyyy-MM-dd}";
        Assert.That(shown, Is.EqualTo(expected).IgnoreCase);
    }

    [TestCase("ann", "1: 'ann' is no address")]
    [TestCase("a@b.example\nann@example.com,planet", "2: the scope 'planet' is none of global, account, stream")]
    [TestCase("ann@example.com,account", "1: the scope account needs an account")]
    [TestCase("ann@example.com,,,news", "1: the scope stream needs an account")]
    [TestCase("ann@example.com,,acne", "1: the account 'acne' does not exist")]
    [TestCase("ann@example.com,,acme,old", "1: the stream 'old' of account 'acme' does not exist")]
    [TestCase("ann@example.com,,acme,,bulk", "1: the class 'bulk' is neither transactional nor marketing")]
    [TestCase("ann@example.com,,,,,dislike", "1: the reason 'dislike' is none of hard, complaint, unsubscribe, strike, manual")]
    [TestCase("ann@example.com,,,,,warning", "1: the reason 'warning' is none of hard, complaint, unsubscribe, strike, manual")]
    [TestCase("ann@example.com,,,,,,soon", "1: the end 'soon' is neither a time nor a duration such as 365d")]
    [TestCase("ann@example.com,,,,,,,2031-01-01", "1: the time '2031-01-01' is none, or lies ahead")]
    [TestCase("digest:00ff", "1: 'digest:00ff' is no digest of 24 hexadecimal digits")]
    [TestCase("\"ann@example.com", "1: a quote is not closed")]
    public async Task A_line_that_is_not_understood_is_told_and_passed_over(string text, string expected)
    {
        await using var lists = await Lists.OpenAsync();
        var (result, faults) = await ImportAsync(lists, text + "\nlast@example.com");

        Assert.That(faults, Is.EqualTo(new[] { expected }));
        Assert.That(result.Faults, Is.EqualTo(1));
        Assert.That(await lists.FindAsync("last@example.com"), Is.EqualTo(SuppressionReason.Manual));
    }

    [Test]
    public async Task Lines_are_counted_by_what_became_of_them()
    {
        await using var lists = await Lists.OpenAsync();
        var seen = new List<ImportProgress>();
        var lines = Enumerable.Range(0, 20_000).Select(index => $"u{index % 15_000}@example.com").Append("old@example.com,,,,,,2020-01-01").Append("?");
        var import = new SuppressionImport(lists.Store, Names, new ImportPreset(SuppressionScope.Global), lists.Clock);
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)));
        var result = await import.RunAsync(text, _ => { }, seen.Add, CancellationToken.None);

        Assert.That(result, Is.EqualTo(new ImportProgress(20_002, 15_000, 5_000, 1, 1)));
        Assert.That(seen, Has.Count.EqualTo(3));
        Assert.That(seen[^1], Is.EqualTo(result));
        Assert.That(lists.Store.Entries, Is.EqualTo(15_000));
    }

    [Test]
    public async Task What_is_exported_can_be_imported_and_is_the_same()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("\"odd,\\\"one\"@example.com", SuppressionScope.Global, SuppressionReason.Manual);
        await lists.AddAsync("ann@example.com", SuppressionScope.OfAccount(News, StreamClass.Marketing), SuppressionReason.Complaint);
        await lists.AddAsync("bob@example.com", SuppressionScope.OfStream(News), SuppressionReason.Unsubscribe);
        await lists.AddAsync("carl@example.com", SuppressionScope.OfAccount(new StreamKey(99, 0)), SuppressionReason.Hard, TimeSpan.FromDays(365));
        await lists.Store.AddAsync(lists.Entry("dora@example.com", SuppressionScope.Global), default, CancellationToken.None);
        await lists.AddAsync("warned@example.com", SuppressionScope.Global, SuppressionReason.Warning, null, 1);
        var text = await ExportAsync(lists, new ExportFilter());
        await using var copy = await Lists.OpenAsync();
        var (result, faults) = await ImportAsync(copy, text);

        Assert.That(faults, Is.Empty);
        Assert.That(result.Added, Is.EqualTo(5));
        var expected = Regex.Replace(text, "(manual|reply)\r", "import\r").Split("\r\n");
        Assert.That((await ExportAsync(copy, new ExportFilter())).Split("\r\n"), Is.EquivalentTo(expected));
        Assert.That((await copy.AllAsync()).Select(entry => entry.Address), Is.EquivalentTo(new[] { "\"odd,\\\"one\"@example.com", "ann@example.com", "bob@example.com", "carl@example.com", string.Empty }));
    }

    [Test]
    public async Task An_export_is_filtered()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("g@example.com", SuppressionScope.Global);
        await lists.AddAsync("a@example.com", SuppressionScope.OfAccount(News), SuppressionReason.Complaint);
        await lists.AddAsync("s@example.com", SuppressionScope.OfStream(News), SuppressionReason.Unsubscribe);
        await lists.AddAsync("o@example.com", SuppressionScope.OfAccount(new StreamKey(8, 0)), SuppressionReason.Hard, TimeSpan.FromDays(1));
        await lists.AddAsync("w@example.com", SuppressionScope.Global, SuppressionReason.Warning);
        lists.Clock.Advance(TimeSpan.FromDays(3));

        Assert.That(await NamesOfAsync(lists, new ExportFilter()), Is.EqualTo("a g s"));
        Assert.That(await NamesOfAsync(lists, new ExportFilter(Expired: true)), Is.EqualTo("a g o s"));
        Assert.That(await NamesOfAsync(lists, new ExportFilter(Kind: ScopeKind.Account)), Is.EqualTo("a"));
        Assert.That(await NamesOfAsync(lists, new ExportFilter(Account: 7)), Is.EqualTo("a s"));
        Assert.That(await NamesOfAsync(lists, new ExportFilter(Account: 7, Stream: News.Stream)), Is.EqualTo("s"));
        Assert.That(await NamesOfAsync(lists, new ExportFilter(Reason: SuppressionReason.Warning)), Is.EqualTo("w"));
    }

    private static async Task<string> NamesOfAsync(Lists lists, ExportFilter filter) =>
        string.Join(' ', (await ExportAsync(lists, filter)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line[..1]).Order(StringComparer.Ordinal));

    private static async Task<string> ExportAsync(Lists lists, ExportFilter filter)
    {
        using var target = new MemoryStream();
        await new SuppressionExport(lists.Store, Names, lists.Clock).WriteAsync(target, filter, null, CancellationToken.None);
        return Encoding.UTF8.GetString(target.ToArray());
    }

    private static async Task<(ImportProgress Result, List<string> Faults)> ImportAsync(Lists lists, string text)
    {
        var faults = new List<string>();
        var import = new SuppressionImport(lists.Store, Names, new ImportPreset(SuppressionScope.Global), lists.Clock);
        using var source = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var result = await import.RunAsync(source, fault => faults.Add($"{fault.Line}: {fault.Reason}"), null, CancellationToken.None);
        return (result, faults);
    }
}
