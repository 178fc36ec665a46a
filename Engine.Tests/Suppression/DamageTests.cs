using Engine.Mail;
using Engine.Suppression;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Suppression;

/// <summary>Files that a crash left, and files that something else has spoiled.</summary>
internal sealed class DamageTests
{
    private static readonly SuppressionScope Account = SuppressionScope.OfAccount(Lists.Acme);

    [Test]
    public async Task A_journal_cut_at_any_octet_gives_what_was_committed_before()
    {
        await using var lists = await Lists.OpenAsync();
        var ends = new List<long>();
        for (var index = 0; index < 5; index++)
        {
            await lists.AddAsync($"u{index}@example.com", Account);
            ends.Add(lists.Store.Figures().JournalOctets);
        }

        await lists.Store.RemoveAsync(lists.Digest("u2@example.com"), Account, CancellationToken.None);
        await lists.CloseAsync();
        var journal = Path.Join(lists.Directory, "journal-0000000001");
        var whole = await File.ReadAllBytesAsync(journal);
        for (var length = 32; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(journal, whole[..length]);
            await lists.ReopenAsync();
            for (var index = 0; index < 5; index++)
            {
                var expected = length >= ends[index] && !(index == 2 && length == whole.Length);
                Assert.That(await lists.FindAsync($"u{index}@example.com"), expected ? Is.EqualTo(SuppressionReason.Hard) : Is.Null, $"cut at {length}: u{index}");
            }

            await CheckGoesOnAsync(lists, length);
        }
    }

    // What is written behind a cut is read back: not for each of them, for time's sake.
    private static async Task CheckGoesOnAsync(Lists lists, int length)
    {
        if (length % 9 == 0)
        {
            Assert.That(await lists.AddAsync("after@example.com", Account), Is.True);
            await lists.ReopenAsync();
            Assert.That(await lists.FindAsync("after@example.com"), Is.EqualTo(SuppressionReason.Hard), $"cut at {length}");
        }

        await lists.CloseAsync();
    }

    [Test]
    public async Task Zeros_behind_a_journal_are_a_torn_tail()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("ann@example.com", Account);
        await lists.CloseAsync();
        await File.AppendAllBytesAsync(Path.Join(lists.Directory, "journal-0000000001"), new byte[5_000]);
        await lists.ReopenAsync();

        Assert.That(await lists.FindAsync("ann@example.com"), Is.EqualTo(SuppressionReason.Hard));
    }

    [Test]
    public async Task A_journal_damaged_before_its_end_refuses_the_start_and_is_left_alone()
    {
        await using var lists = await Lists.OpenAsync();
        for (var index = 0; index < 4; index++)
        {
            await lists.AddAsync($"u{index}@example.com", Account);
        }

        await lists.CloseAsync();
        var journal = Path.Join(lists.Directory, "journal-0000000001");
        var octets = await File.ReadAllBytesAsync(journal);
        octets[60] ^= 1;
        await File.WriteAllBytesAsync(journal, octets);

        await Assert.ThatAsync(() => lists.ReopenAsync(), Throws.TypeOf<SuppressionDamagedException>().With.Message.StartsWith($"{journal}: is damaged at offset 32: a whole record follows at "));
        Assert.That(await File.ReadAllBytesAsync(journal), Is.EqualTo(octets));
    }

    [Test]
    public async Task Another_key_refuses_the_start_and_names_both()
    {
        await using var lists = await Lists.OpenAsync();
        await lists.AddAsync("ann@example.com", Account);
        await lists.CloseAsync();
        var other = new SuppressionKey("another secret of thirty-two octets"u8);

        Assert.That(
            () => SuppressionStore.OpenAsync(lists.Directory, other, lists.Options, lists.Clock, NullLogger.Instance),
            Throws.TypeOf<SuppressionDamagedException>().With.Message.Contains($"{lists.Key.Id:x16}").And.Message.Contains($"{other.Id:x16}").And.Message.Contains("manifest"));
    }

    [Test]
    public async Task One_process_at_a_time()
    {
        await using var lists = await Lists.OpenAsync();

        Assert.That(() => SuppressionStore.OpenAsync(lists.Directory, lists.Key, lists.Options, lists.Clock, NullLogger.Instance), Throws.InstanceOf<IOException>());
    }

    [TestCase("manifest", 25, "manifest: its checksum is wrong")]
    [TestCase("run-0000000001", -10, "run-0000000001: its footer at offset")]
    [TestCase("run-0000000001", -80, "run-0000000001: its filter at offset")]
    [TestCase("scopes", 20, "scopes: is damaged at offset 16")]
    [TestCase("journal-0000000002", 3, "journal-0000000002: its header is damaged")]
    public async Task A_spoiled_file_refuses_the_start(string file, int at, string expected)
    {
        await using var lists = await WrittenAsync();
        var path = Path.Join(lists.Directory, file);
        var octets = await File.ReadAllBytesAsync(path);
        octets[at < 0 ? octets.Length + at : at] ^= 0x41;
        await File.WriteAllBytesAsync(path, octets);

        await Assert.ThatAsync(() => lists.ReopenAsync(), Throws.TypeOf<SuppressionDamagedException>().With.Message.Contains(expected));
    }

    [TestCase("run-0000000001")]
    [TestCase("journal-0000000002")]
    [TestCase("manifest")]
    [TestCase("scopes")]
    public async Task A_missing_file_refuses_the_start(string file)
    {
        await using var lists = await WrittenAsync();
        File.Delete(Path.Join(lists.Directory, file));

        await Assert.ThatAsync(() => lists.ReopenAsync(), Throws.TypeOf<SuppressionDamagedException>().With.Message.Contains($"{file}: is missing"));
    }

    [Test]
    public async Task A_spoiled_page_is_told_and_never_believed()
    {
        await using var lists = await WrittenAsync();
        var path = Path.Join(lists.Directory, "run-0000000001");
        var octets = await File.ReadAllBytesAsync(path);
        octets[4_096 + 8] ^= 1;
        await File.WriteAllBytesAsync(path, octets);
        await lists.ReopenAsync();

        Assert.That(async () => await lists.FindAsync("u1@example.com"), Throws.TypeOf<SuppressionDamagedException>().With.Message.Contains("the page at offset 4096 is damaged"));
    }

    // The places where a flush or a merge can be cut off, as the files it leaves behind.
    [Test]
    public async Task A_flush_or_merge_cut_off_anywhere_loses_nothing()
    {
        await using var lists = await Lists.OpenAsync();
        var states = new List<Dictionary<string, byte[]>>();
        for (var round = 0; round < 4; round++)
        {
            await lists.AddAsync($"u{round}@example.com", Account);
            states.Add(Files(lists.Directory));
            await lists.Store.FlushAsync();
            states.Add(Files(lists.Directory));
            await lists.Store.SettleAsync();
            states.Add(Files(lists.Directory));
        }

        await lists.CloseAsync();
        for (var index = 1; index < states.Count; index++)
        {
            await CheckBetweenAsync(lists, states[index - 1], states[index], index / 3);
        }
    }

    // New files appear one after the other, then the manifest changes, then old files go.
    private static async Task CheckBetweenAsync(Lists lists, Dictionary<string, byte[]> before, Dictionary<string, byte[]> after, int rounds)
    {
        var appeared = after.Keys.Except(before.Keys).Order(StringComparer.Ordinal).ToList();
        var state = new Dictionary<string, byte[]>(before);
        foreach (var step in appeared)
        {
            state[step] = after[step];
            await CheckAsync(lists, state, rounds);
            state[step + ".new"] = after[step][..(after[step].Length / 2)];
            await CheckAsync(lists, state, rounds);
        }

        state["manifest"] = after["manifest"];
        foreach (var (name, content) in after)
        {
            state[name] = content;
        }

        await CheckAsync(lists, state, rounds);
        foreach (var gone in before.Keys.Except(after.Keys))
        {
            state.Remove(gone);
            await CheckAsync(lists, state, rounds);
        }
    }

    private static async Task CheckAsync(Lists lists, Dictionary<string, byte[]> state, int rounds)
    {
        foreach (var file in Directory.EnumerateFiles(lists.Directory))
        {
            File.Delete(file);
        }

        foreach (var (name, content) in state)
        {
            await File.WriteAllBytesAsync(Path.Join(lists.Directory, name), content);
        }

        await lists.ReopenAsync();
        for (var round = 0; round < rounds; round++)
        {
            Assert.That(await lists.FindAsync($"u{round}@example.com"), Is.EqualTo(SuppressionReason.Hard), $"u{round} of {string.Join(' ', state.Keys)}");
        }

        await lists.CloseAsync();
        Assert.That(Directory.EnumerateFiles(lists.Directory, "*.new"), Is.Empty);
    }

    private static Dictionary<string, byte[]> Files(string directory) =>
        Directory.EnumerateFiles(directory).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    private static async Task<Lists> WrittenAsync()
    {
        var lists = await Lists.OpenAsync();
        for (var index = 0; index < 5; index++)
        {
            await lists.AddAsync($"u{index}@example.com", index % 2 == 0 ? Account : SuppressionScope.Global);
        }

        await lists.Store.FlushAsync();
        await lists.AddAsync("late@example.com", Account);
        await lists.CloseAsync();
        return lists;
    }
}
