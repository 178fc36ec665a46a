using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression;

namespace Engine.Tests.Suppression;

/// <summary>What the list answers: scopes, expiry, precedence, removal; in memory, after a restart, and from runs.</summary>
internal sealed class SuppressionStoreTests
{
    private static readonly SuppressionScope Account = SuppressionScope.OfAccount(Lists.Acme);

    private static IEnumerable<TestCaseData> Scopes()
    {
        var other = new StreamKey(8, 3);
        var sibling = Lists.Acme with { Stream = 4 };
        var (global, account, stream) = (SuppressionScope.Global, SuppressionScope.OfAccount(Lists.Acme), SuppressionScope.OfStream(Lists.Acme));
        yield return new(global, other, StreamClass.Transactional, true);
        yield return new(global with { Class = StreamClass.Marketing }, other, StreamClass.Marketing, true);
        yield return new(global with { Class = StreamClass.Marketing }, other, StreamClass.Transactional, false);
        yield return new(account, Lists.Acme, StreamClass.Transactional, true);
        yield return new(account, sibling, StreamClass.Marketing, true);
        yield return new(account, other, StreamClass.Marketing, false);
        yield return new(account with { Class = StreamClass.Marketing }, sibling, StreamClass.Marketing, true);
        yield return new(account with { Class = StreamClass.Marketing }, sibling, StreamClass.Transactional, false);
        yield return new(account with { Class = StreamClass.Transactional }, Lists.Acme, StreamClass.Transactional, true);
        yield return new(stream, Lists.Acme, StreamClass.Marketing, true);
        yield return new(stream, Lists.Acme, StreamClass.Transactional, true);
        yield return new(stream, sibling, StreamClass.Marketing, false);
        yield return new(stream, other, StreamClass.Marketing, false);
        yield return new(stream with { Class = StreamClass.Transactional }, Lists.Acme, StreamClass.Marketing, false);
    }

    [TestCaseSource(nameof(Scopes))]
    public async Task A_scope_reaches(SuppressionScope scope, StreamKey stream, StreamClass mailClass, bool expected)
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("ann@example.com", scope);
        var recent = await lists.FindAsync("ann@example.com", stream, mailClass);
        await lists.Store.FlushAsync();
        var written = await lists.FindAsync("ann@example.com", stream, mailClass);
        await lists.ReopenAsync();

        Assert.That(new[] { recent, written, await lists.FindAsync("ann@example.com", stream, mailClass) }, Has.All.EqualTo(expected ? SuppressionReason.Hard : null));
        Assert.That(await lists.FindAsync("bob@example.com", stream, mailClass), Is.Null);
    }

    [Test]
    public async Task The_widest_scope_answers_and_what_does_not_hold_there_hides_nothing()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("ann@example.com", SuppressionScope.OfStream(Lists.Acme), SuppressionReason.Unsubscribe);
        await lists.AddAsync("ann@example.com", Account, SuppressionReason.Warning, TimeSpan.FromDays(9), 1);
        await lists.AddAsync("ann@example.com", SuppressionScope.Global, SuppressionReason.Hard, TimeSpan.FromDays(1));
        Assert.That(await lists.FindAsync("ann@example.com"), Is.EqualTo(SuppressionReason.Hard));

        lists.Clock.Advance(TimeSpan.FromDays(2));
        Assert.That(await lists.FindAsync("ann@example.com"), Is.EqualTo(SuppressionReason.Unsubscribe));
        await lists.Store.FlushAsync();
        Assert.That(await lists.FindAsync("ann@example.com"), Is.EqualTo(SuppressionReason.Unsubscribe));
    }

    [Test]
    public async Task An_entry_holds_until_its_day_and_can_still_be_looked_at_after()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("ann@example.com", Account, SuppressionReason.Strike, TimeSpan.FromDays(30));
        var entry = await lists.LookAsync("ann@example.com", Account);
        Assert.That(entry!.Value.Expires!.Value - lists.Clock.GetUtcNow(), Is.InRange(TimeSpan.FromDays(30), TimeSpan.FromDays(31)));

        lists.Clock.Advance(entry.Value.Expires!.Value - lists.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.That(await lists.FindAsync("ann@example.com"), Is.EqualTo(SuppressionReason.Strike));
        lists.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await lists.FindAsync("ann@example.com"), Is.Null);
        Assert.That((await lists.LookAsync("ann@example.com", Account))?.Reason, Is.EqualTo(SuppressionReason.Strike));
        Assert.That(await lists.AddAsync("ann@example.com", Account, SuppressionReason.Strike, TimeSpan.FromDays(5)), Is.True);
        Assert.That(await lists.FindAsync("ann@example.com"), Is.EqualTo(SuppressionReason.Strike));
    }

    // Present and added: reason and days (0 for ever); then what holds, and whether that is a change.
    [TestCase("Strike", 30, "Strike", 30, "Strike", 30, false)]
    [TestCase("Strike", 30, "Strike", 10, "Strike", 30, false)]
    [TestCase("Strike", 30, "Strike", 40, "Strike", 40, true)]
    [TestCase("Strike", 30, "Strike", 0, "Strike", 0, true)]
    [TestCase("Strike", 0, "Strike", 30, "Strike", 0, false)]
    [TestCase("Strike", 30, "Hard", 365, "Hard", 365, true)]
    [TestCase("Strike", 0, "Hard", 365, "Hard", 0, true)]
    [TestCase("Hard", 365, "Strike", 30, "Hard", 365, false)]
    [TestCase("Hard", 365, "Strike", 0, "Hard", 0, true)]
    [TestCase("Hard", 365, "Complaint", 0, "Complaint", 0, true)]
    [TestCase("Complaint", 0, "Hard", 0, "Complaint", 0, false)]
    [TestCase("Complaint", 0, "Unsubscribe", 0, "Unsubscribe", 0, true)]
    [TestCase("Unsubscribe", 0, "Complaint", 0, "Unsubscribe", 0, false)]
    [TestCase("Unsubscribe", 0, "Manual", 7, "Manual", 0, true)]
    [TestCase("Manual", 0, "Unsubscribe", 0, "Manual", 0, false)]
    [TestCase("Warning", 90, "Strike", 30, "Strike", 30, true)]
    [TestCase("Strike", 30, "Warning", 90, "Strike", 30, false)]
    [TestCase("Hard", 0, "Warning", 0, "Hard", 0, false)]
    public async Task What_weighs_more_and_holds_longer_stays(string present, int presentDays, string added, int addedDays, string expected, int expectedDays, bool changes)
    {
        await using var lists = await Lists.OpenAsync();
        foreach (var (name, inRun) in new[] { ("recent@example.com", false), ("written@example.com", true) })
        {
            await lists.AddAsync(name, Account, Enum.Parse<SuppressionReason>(present), Days(presentDays));
            if (inRun)
            {
                await lists.Store.FlushAsync();
            }

            Assert.That(await lists.AddAsync(name, Account, Enum.Parse<SuppressionReason>(added), Days(addedDays)), Is.EqualTo(changes), name);
            var holds = (await lists.LookAsync(name, Account))!.Value;
            Assert.That(holds.Reason, Is.EqualTo(Enum.Parse<SuppressionReason>(expected)), name);
            Assert.That(holds.Expires, expectedDays == 0 ? Is.Null : Is.EqualTo(lists.Clock.GetUtcNow().AddDays(expectedDays)).Within(TimeSpan.FromDays(1)), name);
        }
    }

    [Test]
    public async Task Warnings_count_up_and_suppress_nobody()
    {
        await using var lists = await Lists.OpenAsync();
        for (byte count = 1; count < 3; count++)
        {
            Assert.That(await lists.AddAsync("ann@example.com", Account, SuppressionReason.Warning, TimeSpan.FromDays(4), count), Is.True);
            Assert.That((await lists.LookAsync("ann@example.com", Account))!.Value.Count, Is.EqualTo(count));
        }

        Assert.That(await lists.AddAsync("ann@example.com", Account, SuppressionReason.Warning, TimeSpan.FromDays(4), 1), Is.False);
        Assert.That((await lists.LookAsync("ann@example.com", Account))!.Value.Count, Is.EqualTo(2));
        Assert.That(await lists.FindAsync("ann@example.com"), Is.Null);
    }

    [Test]
    public async Task What_is_removed_is_gone_from_memory_from_runs_and_after_a_merge()
    {
        await using var lists = await Lists.OpenAsync();
        Assert.That(await lists.Store.RemoveAsync(lists.Digest("ann@example.com"), Account, CancellationToken.None), Is.False);
        foreach (var flush in new[] { false, true })
        {
            Assert.That(await lists.AddAsync("ann@example.com", Account), Is.True);
            if (flush)
            {
                await lists.Store.FlushAsync();
            }

            Assert.That(await lists.Store.RemoveAsync(lists.Digest("ann@example.com"), SuppressionScope.Global, CancellationToken.None), Is.False);
            Assert.That(await lists.Store.RemoveAsync(lists.Digest("ann@example.com"), Account, CancellationToken.None), Is.True);
            Assert.That(await lists.FindAsync("ann@example.com"), Is.Null);
            Assert.That(await lists.LookAsync("ann@example.com", Account), Is.Null);
            Assert.That(await lists.Store.RemoveAsync(lists.Digest("ann@example.com"), Account, CancellationToken.None), Is.False);
            Assert.That(lists.Store.Entries, Is.Zero);
        }

        await lists.Store.FlushAsync();
        Assert.That(await lists.FindAsync("ann@example.com"), Is.Null);
        await lists.Store.CompactAsync();
        Assert.That(await lists.FindAsync("ann@example.com"), Is.Null);
        Assert.That(await lists.AllAsync(), Is.Empty);
        Assert.That(await lists.AddAsync("ann@example.com", Account, SuppressionReason.Strike), Is.True);
        Assert.That(await lists.FindAsync("ann@example.com"), Is.EqualTo(SuppressionReason.Strike));
    }

    [Test]
    public async Task Expired_entries_leave_with_the_last_merge_and_the_count_follows()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("ann@example.com", Account, SuppressionReason.Strike, TimeSpan.FromDays(1));
        await lists.AddAsync("bob@example.com", Account, SuppressionReason.Hard);
        await lists.Store.FlushAsync();
        lists.Clock.Advance(TimeSpan.FromDays(3));
        Assert.That(lists.Store.Entries, Is.EqualTo(2));
        await lists.Store.CompactAsync();

        Assert.That(lists.Store.Entries, Is.EqualTo(1));
        Assert.That(await lists.LookAsync("ann@example.com", Account), Is.Null);
        Assert.That(await lists.FindAsync("bob@example.com"), Is.EqualTo(SuppressionReason.Hard));
        await lists.ReopenAsync();
        Assert.That(lists.Store.Entries, Is.EqualTo(1));
    }

    [Test]
    public async Task The_count_survives_restarts_updates_and_removals()
    {
        await using var lists = await Lists.OpenAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var index = 0; index < 10; index++)
            {
                await lists.AddAsync($"u{round + index}@example.com", Account, SuppressionReason.Strike, TimeSpan.FromDays(10 + round));
            }

            await lists.Store.RemoveAsync(lists.Digest($"u{round}@example.com"), Account, CancellationToken.None);
            if (round == 1)
            {
                await lists.Store.FlushAsync();
            }

            await lists.ReopenAsync();
            Assert.That(lists.Store.Entries, Is.EqualTo(9));
        }

        Assert.That(await lists.AllAsync(), Has.Count.EqualTo(9));
    }

    [Test]
    public async Task Many_runs_merge_by_themselves_and_lose_nothing()
    {
        await using var lists = await Lists.OpenAsync(deltaLimit: 64);
        for (var batch = 0; batch < 40; batch++)
        {
            var additions = Enumerable.Range(batch * 50, 60).Select(index => new SuppressionAddition(lists.Entry($"u{index}@example.com", Account), Mailbox.Parse($"u{index}@example.com"))).ToList();
            await lists.Store.AddAsync(additions, CancellationToken.None);
        }

        await lists.Store.FlushAsync();
        for (var round = 0; round < 10; round++)
        {
            await lists.Store.SettleAsync();
        }

        Assert.That(lists.Store.Figures().Runs, Is.InRange(1, 6));
        Assert.That(lists.Store.Entries, Is.EqualTo(2010));
        for (var index = 0; index < 2010; index++)
        {
            Assert.That(await lists.FindAsync($"u{index}@example.com"), Is.EqualTo(SuppressionReason.Hard), $"u{index}");
        }

        var listed = await lists.AllAsync();
        Assert.That(listed.Select(entry => entry.Address).Order(StringComparer.Ordinal), Is.EqualTo(Enumerable.Range(0, 2010).Select(index => $"u{index}@example.com").Order(StringComparer.Ordinal)));
        Assert.That(listed.Select(entry => entry.Entry.Scope), Has.All.EqualTo(Account));
        Assert.That(listed.Select(entry => entry.Entry.Address), Is.EquivalentTo(listed.Select(entry => lists.Digest(entry.Address))));
    }

    [Test]
    public async Task Two_who_add_the_same_at_once_change_it_once()
    {
        await using var lists = await Lists.OpenAsync();
        var changed = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await lists.AddAsync("ann@example.com", Account))));

        Assert.That(changed.Count(one => one), Is.EqualTo(1));
        Assert.That(lists.Store.Entries, Is.EqualTo(1));
    }

    [Test]
    public async Task Readers_see_every_acknowledged_entry_while_runs_are_written_and_merged()
    {
        await using var lists = await Lists.OpenAsync(deltaLimit: 100);
        var acknowledged = 0;
        var stop = false;
        var readers = Enumerable.Range(0, 2).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            var seen = 0;
            while (!Volatile.Read(ref stop))
            {
                var until = Volatile.Read(ref acknowledged);
                if (until > 0)
                {
                    var address = $"u{random.Next(until)}@example.com";
                    Assert.That(await lists.FindAsync(address), Is.EqualTo(SuppressionReason.Hard), address);
                    Assert.That(await lists.FindAsync("no" + address), Is.Null);
                    seen++;
                }
            }

            return seen;
        })).ToList();

        for (var index = 0; index < 3_000; index += 20)
        {
            var additions = Enumerable.Range(index, 20).Select(one => new SuppressionAddition(lists.Entry($"u{one}@example.com", Account), default)).ToList();
            Assert.That(await lists.Store.AddAsync(additions, CancellationToken.None), Is.EqualTo(20));
            Volatile.Write(ref acknowledged, index + 20);
        }

        Volatile.Write(ref stop, true);
        Assert.That(await Task.WhenAll(readers), Has.All.GreaterThan(0));
    }

    [Test]
    public async Task A_forgotten_address_is_nowhere_and_stays_suppressed()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("ann@example.com", Account);
        await lists.AddAsync("bob@example.com", Account);
        await lists.Store.FlushAsync();
        await lists.AddAsync("ann@example.com", SuppressionScope.Global, SuppressionReason.Manual);
        await lists.Store.ForgetAsync(lists.Digest("Ann@Example.com"));

        Assert.That((await lists.AllAsync()).Select(entry => entry.Address), Is.EquivalentTo(new[] { string.Empty, string.Empty, "bob@example.com" }));
        Assert.That(await lists.FindAsync("ann@example.com"), Is.EqualTo(SuppressionReason.Manual));
        await lists.ReopenAsync();
        await lists.Store.CompactAsync();
        Assert.That((await lists.AllAsync()).Select(entry => entry.Address), Is.EquivalentTo(new[] { string.Empty, string.Empty, "bob@example.com" }));
        Assert.That(await File.ReadAllBytesAsync(Path.Join(lists.Directory, "forgotten")), Is.Empty);
    }

    [Test]
    public async Task No_file_holds_an_address_in_the_clear()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("annabelle@secretive.example", Account);
        await lists.Store.FlushAsync();
        await lists.AddAsync("annabelle@secretive.example", SuppressionScope.Global);
        await lists.CloseAsync();

        foreach (var file in Directory.EnumerateFiles(lists.Directory))
        {
            Assert.That((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("annabelle"u8), Is.EqualTo(-1), file);
        }
    }

    [Test]
    public async Task Addresses_are_kept_only_where_they_are_wanted()
    {
        await using var lists = await Lists.OpenAsync(options: new SuppressionOptions { Addresses = AddressKeeping.None });
        await lists.AddAsync("ann@example.com", Account);
        await lists.Store.CompactAsync();

        var listed = (await lists.AllAsync()).Single();
        Assert.That(listed.Address, Is.Empty);
        Assert.That(listed.Entry, Is.EqualTo(await lists.LookAsync("ann@example.com", Account)));
        Assert.That(Directory.EnumerateFiles(lists.Directory, "*.addresses"), Is.Empty);
    }

    private static TimeSpan? Days(int days) => days == 0 ? null : TimeSpan.FromDays(days);
}
