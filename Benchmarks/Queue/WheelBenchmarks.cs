using BenchmarkDotNet.Attributes;
using Engine.Queue.Waiting;

namespace Benchmarks.Queue;

/// <summary>The due wheel alone: a million items over ten hours.</summary>
public class WheelBenchmarks
{
    private const int Items = 1_000_000;
    private const uint Start = 1_795_348_800;

    private readonly uint[] _dues = new uint[Items];
    private readonly int[] _next = new int[Items];
    private readonly int[] _previous = new int[Items];
    private readonly List<int> _fired = new(Items);

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        for (var item = 0; item < Items; item++)
        {
            _dues[item] = Start + 1 + (uint)random.Next(36_000);
        }
    }

    [Benchmark(OperationsPerInvoke = Items)]
    public long Insert() => Fill().Count;

    [Benchmark(OperationsPerInvoke = Items)]
    public long InsertAndRemove()
    {
        var wheel = Fill();
        for (var item = 0; item < Items; item++)
        {
            wheel.Remove(item);
        }

        return wheel.Count;
    }

    [Benchmark(OperationsPerInvoke = Items)]
    public int InsertAndFire()
    {
        var wheel = Fill();
        _fired.Clear();
        while (wheel.NextTick is { } tick)
        {
            wheel.Advance(tick, _fired);
        }

        return _fired.Count;
    }

    private DueWheel<Links> Fill()
    {
        var wheel = new DueWheel<Links>(new Links(_dues, _next, _previous), Start);
        for (var item = 0; item < Items; item++)
        {
            wheel.Prepare(item);
            wheel.Insert(item);
        }

        return wheel;
    }

    private readonly struct Links(uint[] dues, int[] next, int[] previous) : IWheelItems
    {
        public uint DueOf(int item) => dues[item];

        public ref int Next(int item) => ref next[item];

        public ref int Previous(int item) => ref previous[item];
    }
}
