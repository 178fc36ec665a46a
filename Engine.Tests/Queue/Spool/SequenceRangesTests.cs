using Engine.Queue.Spool;

namespace Engine.Tests.Queue.Spool;

internal sealed class SequenceRangesTests
{
    [Test]
    public void They_hold_what_was_met_in_any_order([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var ranges = new SequenceRanges();
        var met = new HashSet<ulong>();
        for (var step = 0; step < 400; step++)
        {
            var start = (ulong)random.Next(1, 200);
            for (var number = start; number < start + (ulong)random.Next(1, 5); number++)
            {
                Assert.That(ranges.Add(number), Is.EqualTo(met.Add(number)), $"{number}");
            }
        }

        var missing = ranges.Missing(1, 210).SelectMany(static run => Enumerable.Range((int)run.From, (int)(run.Until - run.From)));
        Assert.That(missing, Is.EqualTo(Enumerable.Range(1, 209).Where(number => !met.Contains((ulong)number))));
    }
}
