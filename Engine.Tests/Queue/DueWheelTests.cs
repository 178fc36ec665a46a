using Engine.Queue.Waiting;

namespace Engine.Tests.Queue;

internal sealed class DueWheelTests
{
    private const uint Start = 1_795_348_800;

    [TestCase(0u, 1u, Description = "what is due already fires at the next tick")]
    [TestCase(1u, 1u)]
    [TestCase(2u, 2u)]
    [TestCase(255u, 255u)]
    [TestCase(256u, 256u)]
    [TestCase(257u, 257u)]
    [TestCase(65_535u, 65_535u)]
    [TestCase(65_536u, 65_536u)]
    [TestCase(16_777_215u, 16_777_215u)]
    [TestCase(16_777_216u, 16_777_216u)]
    [TestCase(1_000_000_000u, 1_000_000_000u)]
    public void An_item_fires_at_its_tick_and_not_before(uint due, uint fires)
    {
        foreach (var start in new[] { 0u, 255u, 65_535u, Start, Start | 0xFFFF })
        {
            var wheel = Make(start, due);
            wheel.Insert(0);
            var fired = new List<int>();
            wheel.Advance(start + fires - 1, fired);
            Assert.That(fired, Is.Empty);
            wheel.Advance(start + fires, fired);
            Assert.That(fired, Is.EqualTo(new[] { 0 }));
            Assert.That((wheel.Count, wheel.NextTick), Is.EqualTo((0L, (uint?)null)));
        }
    }

    [Test]
    public void Sleeping_from_tick_to_tick_fires_everything_exactly_and_wakes_seldom()
    {
        var wheel = Make(Start, 70_000);
        wheel.Insert(0);
        var fired = new List<int>();
        var wakes = 0;
        while (wheel.NextTick is { } tick)
        {
            Assert.That(tick, Is.LessThanOrEqualTo(Start + 70_000));
            wheel.Advance(tick, fired);
            wakes++;
        }

        Assert.That(fired, Has.Count.EqualTo(1));
        Assert.That(wheel.Now, Is.EqualTo(Start + 70_000));
        Assert.That(wakes, Is.LessThanOrEqualTo(4));
    }

    [Test]
    public void An_item_taken_out_never_fires_and_may_be_taken_out_twice()
    {
        var wheel = Make(Start, 5, 5, 5);
        wheel.Insert(0);
        wheel.Insert(1);
        wheel.Insert(2);
        wheel.Remove(1);
        wheel.Remove(1);
        var fired = new List<int>();
        wheel.Advance(Start + 10, fired);
        Assert.That(fired, Is.EqualTo(new[] { 0, 2 }));
        wheel.Remove(0);
        Assert.That(wheel.Count, Is.Zero);
    }

    [Test]
    public void It_does_what_a_sorted_list_does([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var dues = new uint[2_000];
        var items = new Items(dues);
        var wheel = new DueWheel<Items>(items, Start);
        var model = new SortedSet<(uint Due, int Item)>();
        for (var item = 0; item < dues.Length; item++)
        {
            wheel.Prepare(item);
        }

        var now = Start;
        var fired = new List<int>();
        for (var step = 0; step < 5_000; step++)
        {
            var item = random.Next(dues.Length);
            var waits = model.Contains((dues[item], item));
            if (waits && random.Next(2) == 0)
            {
                wheel.Remove(item);
                model.Remove((dues[item], item));
            }
            else if (!waits)
            {
                dues[item] = now + 1 + (uint)random.Next(1 << random.Next(1, 26));
                wheel.Insert(item);
                model.Add((dues[item], item));
            }

            if (random.Next(10) == 0)
            {
                now += (uint)random.Next(1 << random.Next(1, 20));
                fired.Clear();
                wheel.Advance(now, fired);
                var expected = model.TakeWhile(entry => entry.Due <= now).ToArray();
                Assert.That(fired.Select(number => (dues[number], number)).Order(), Is.EqualTo(expected));
                Assert.That(fired.Select(number => dues[number]), Is.Ordered);
                model.ExceptWith(expected);
            }

            Assert.That(wheel.Count, Is.EqualTo(model.Count));
            Assert.That(wheel.NextTick is { } tick ? tick > wheel.Now && tick <= model.Min.Due : model.Count == 0, Is.True);
        }
    }

    private static DueWheel<Items> Make(uint start, params uint[] dues)
    {
        var items = new Items([.. dues.Select(due => start + due)]);
        var wheel = new DueWheel<Items>(items, start);
        for (var item = 0; item < dues.Length; item++)
        {
            wheel.Prepare(item);
        }

        return wheel;
    }

    private readonly struct Items(uint[] dues) : IWheelItems
    {
        private readonly int[] _next = new int[dues.Length];
        private readonly int[] _previous = new int[dues.Length];

        public uint DueOf(int item) => dues[item];

        public ref int Next(int item) => ref _next[item];

        public ref int Previous(int item) => ref _previous[item];
    }
}
