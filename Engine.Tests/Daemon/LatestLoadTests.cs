using Engine.Daemon;

namespace Engine.Tests.Daemon;

internal sealed class LatestLoadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Test]
    public void Changes_while_a_load_runs_give_one_more_load_and_each_caller_finds_its_own_in_force()
    {
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var (changes, inForce, loads, running, most) = (0, 0, 0, 0, 0);
        var stale = 0;
        var load = new LatestLoad(() =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            var read = Volatile.Read(ref changes);
            loads++;
            entered.Set();
            go.Wait(Patience);
            Volatile.Write(ref inForce, read);
            Interlocked.Decrement(ref running);
        });
        var threads = Enumerable.Range(0, 16).Select(_ => new Thread(Change) { IsBackground = true }).ToArray();
        threads[0].Start();
        Assert.That(entered.Wait(Patience), Is.True);
        Array.ForEach(threads[1..], thread => thread.Start());

        // In the lock, so that each has asked before the first load ends.
        Assert.That(SpinWait.SpinUntil(() => threads[1..].All(thread => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)), Patience), Is.True);
        go.Set();
        Assert.That(threads.All(thread => thread.Join(Patience)), Is.True);

        Assert.That((inForce, loads, most, stale), Is.EqualTo((16, 2, 1, 0)));

        void Change()
        {
            var mine = Interlocked.Increment(ref changes);
            load.Run();
            if (Volatile.Read(ref inForce) < mine)
            {
                Interlocked.Increment(ref stale);
            }
        }
    }

    [Test]
    public void A_load_that_fails_is_not_taken_for_done()
    {
        var loads = 0;
        var load = new LatestLoad(() =>
        {
            if (++loads == 1)
            {
                throw new IOException("the disk");
            }
        });

        Assert.That(load.Run, Throws.InstanceOf<IOException>());
        load.Run();
        Assert.That(loads, Is.EqualTo(2));
    }

    [Test]
    public void A_load_may_change_what_it_loads()
    {
        var loads = 0;
        LatestLoad load = null!;
        load = new LatestLoad(() =>
        {
            if (++loads == 1)
            {
                load.Run();
            }
        });

        load.Run();

        Assert.That(loads, Is.EqualTo(2));
    }
}
