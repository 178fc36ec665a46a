using Engine.Wire;

namespace Engine.Tests.Wire;

internal sealed class DescriptorBudgetTests
{
    [TestCase(100_000, 10_000)]
    [TestCase(2_560, 256)]
    [TestCase(1_024, 256)]
    [TestCase(300, 150)]
    public void The_reserve_is_a_tenth_and_at_least_256_but_not_more_than_half(long limit, long reserve)
    {
        Assert.That(new DescriptorBudget(limit, static () => 0, TimeProvider.System).Reserve, Is.EqualTo(reserve));
    }

    [Test]
    public void Intake_is_admitted_down_to_the_reserve_and_again_when_descriptors_come_back()
    {
        var clock = new ManualClock();
        var (open, counts) = (100L, 0);
        var budget = new DescriptorBudget(1_024, Count, clock);

        var admitted = 0;
        while (budget.Admits(newest: 5))
        {
            admitted++;
        }

        // 1024 - 256 - 100, and the first, which stood in the count already.
        Assert.That(admitted, Is.EqualTo(669));
        Assert.That(counts, Is.EqualTo(1), "one count for all of them");
        Assert.That(budget.Admits(5), Is.False, "the count is too young to be taken again");
        clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(budget.Admits(5), Is.True, "they have all ended");
        open = 1_024 - 256;
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(budget.Admits(5), Is.True);
        Assert.That(budget.Admits(5), Is.False);
        open = 900;
        Assert.That(budget.Free, Is.EqualTo(124));
        Assert.That(budget.Admits(5), Is.False);

        long Count()
        {
            counts++;
            return open;
        }
    }

    [Test]
    public void A_high_descriptor_tells_without_counting()
    {
        var budget = new DescriptorBudget(1_024, static () => throw new InvalidOperationException("counted"), TimeProvider.System);

        Assert.That(budget.Admits(newest: 768), Is.False);
    }

    [Test]
    public void When_there_is_none_left_to_count_with_all_are_taken()
    {
        var budget = new DescriptorBudget(1_024, static () => throw new IOException("Too many open files"), TimeProvider.System);

        Assert.That(budget.Admits(newest: 5), Is.False);
        Assert.That(budget.Free, Is.Zero);
    }

    [Test]
    [NonParallelizable]
    public void The_system_counts_what_this_process_has_open()
    {
        var before = ProcessDescriptors.Count();
        var files = Enumerable.Range(0, 300).Select(static _ => File.OpenHandle("/dev/null")).ToArray();
        var after = ProcessDescriptors.Count();
        Array.ForEach(files, static file => file.Dispose());

        // Others of this process may come and go.
        Assert.That(after - before, Is.InRange(250, 350));
        Assert.That(ProcessDescriptors.Limit(), Is.GreaterThan(after));
    }
}
