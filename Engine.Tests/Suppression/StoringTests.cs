using System.Globalization;
using Engine.Mail;
using Engine.Suppression.Storing;
using Engine.Tests.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Tests.Suppression;

/// <summary>The parts of the store by themselves.</summary>
internal sealed class StoringTests
{
    [Test]
    public void A_key_gives_back_what_it_was_made_of() => Prop.ForAll<ulong, uint, uint>((high, low, scope) =>
        StoredKey.Of(new AddressDigest(high, low), scope).Open() == (new AddressDigest(high, low), scope)).QuickCheckThrowOnFailure();

    [Test]
    public void Keys_of_one_address_in_many_scopes_look_like_chance()
    {
        var keys = Enumerable.Range(0, 100_000).Select(scope => StoredKey.Of(new AddressDigest(1, 2), (uint)scope)).ToList();

        Assert.That(keys.Select(key => key.High).Distinct().Count(), Is.EqualTo(100_000));
        Assert.That(keys.GroupBy(key => key.High >> 56).Select(group => group.Count()), Has.All.InRange(300, 490));
        Assert.That(keys.GroupBy(key => key.Low & 0xFF).Select(group => group.Count()), Has.All.InRange(300, 490));
    }

    [TestCase(12, 0.008)]
    [TestCase(8, 0.04)]
    [TestCase(4, 0.35)]
    public void A_filter_never_forgets_a_key_and_seldom_takes_another_for_one(double bits, double wrong)
    {
        var filter = new BlockFilter(BlockFilter.BlocksFor(100_000, bits));
        var random = new Random(5);
        var keys = Enumerable.Range(0, 100_000).Select(_ => Chance(random)).ToList();
        keys.ForEach(filter.Add);

        Assert.That(keys.All(filter.MayHold), Is.True);
        Assert.That(Enumerable.Range(0, 100_000).Count(_ => filter.MayHold(Chance(random))) / 100_000.0, Is.LessThan(wrong));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(169)]
    [TestCase(170)]
    [TestCase(171)]
    [TestCase(170 * 256)]
    [TestCase(100_001)]
    public void A_run_holds_what_was_written_and_nothing_else(int count)
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(count);
        var records = Enumerable.Range(0, count).Select(_ => Record(Chance(random))).Order(default(ByKey)).ToList();
        using (var writer = new RunWriter(directory.Path, 3, 99, count, 12))
        {
            records.ForEach(record => writer.Add(record));
            writer.Finish();
        }

        var run = Run.Open(directory.Path, 3, 99);
        var cursor = run.Read();
        foreach (var record in records)
        {
            Assert.That(cursor.MoveNext(), Is.True);
            Assert.That(cursor.Current, Is.EqualTo(record));
        }

        Assert.That(cursor.MoveNext(), Is.False);
        Assert.That(records.Where((_, index) => index % 97 == 0 || index < 400).All(record => run.MayHold(record.Key) && run.TryRead(record.Key, out var found) && found == record), Is.True);
        Assert.That(Enumerable.Range(0, 1_000).Any(_ => run.TryRead(Chance(random), out var _)), Is.False);
    }

    [Test]
    public void Keys_that_share_their_first_half_are_found_across_pages()
    {
        using var directory = new TemporaryDirectory();
        var records = Enumerable.Range(0, 1_000).Select(index => Record(new StoredKey(index < 100 ? 1UL : 7UL, (ulong)index))).ToList();
        using var writer = new RunWriter(directory.Path, 1, 1, records.Count, 12);
        records.ForEach(record => writer.Add(record));
        var run = writer.Finish();

        Assert.That(records.All(record => run.TryRead(record.Key, out var found) && found == record), Is.True);
        Assert.That(run.TryRead(new StoredKey(7, 5_000), out _) || run.TryRead(new StoredKey(0, 0), out _) || run.TryRead(new StoredKey(9, 0), out _), Is.False);
    }

    [Test]
    public void A_table_gives_the_newest_record_while_it_grows()
    {
        var table = new DeltaTable();
        var random = new Random(1);
        var expected = new Dictionary<StoredKey, StoredRecord>();
        for (var step = 0; step < 50_000; step++)
        {
            var key = new StoredKey((ulong)random.Next(20_000), (ulong)random.Next(2));
            var record = Record(key) with { Seconds = (uint)step };
            expected[key] = record;
            table.Put(record);
        }

        Assert.That(table.Count, Is.EqualTo(expected.Count));
        Assert.That(expected.All(pair => table.TryGet(pair.Key, out var found) && found == pair.Value), Is.True);
        Assert.That(table.TryGet(new StoredKey(30_000, 0), out _), Is.False);
        Assert.That(table.Sorted(), Is.EqualTo(expected.Values.Order(default(ByKey))));
    }

    // Sizes from the newest on; how many are merged.
    [TestCase("", 0)]
    [TestCase("5", 1)]
    [TestCase("5 5", 2)]
    [TestCase("5 10", 2)]
    [TestCase("5 11", 1)]
    [TestCase("5 10 30", 3)]
    [TestCase("5 10 31", 2)]
    [TestCase("1 3 1 1", 1)]
    public void Runs_are_merged(string sizes, int expected)
    {
        using var directory = new TemporaryDirectory();
        var runs = sizes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((size, index) =>
        {
            using var writer = new RunWriter(directory.Path, index, 1, 100, 12);
            Enumerable.Range(0, int.Parse(size, CultureInfo.InvariantCulture)).ToList().ForEach(key => writer.Add(Record(new StoredKey((ulong)key, 0))));
            return writer.Finish();
        }).ToList();

        Assert.That(RunMerge.Choose(runs), Is.EqualTo(expected));
    }

    private static StoredKey Chance(Random random) => new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));

    private static StoredRecord Record(StoredKey key) => new(key.High, key.Low, 1, 2, 1, 3);
}
