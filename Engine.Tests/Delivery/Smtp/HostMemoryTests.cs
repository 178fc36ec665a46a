using Engine.Delivery.Smtp;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class HostMemoryTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public void What_was_proved_is_believed_for_the_span()
    {
        var memory = new HostMemory(_clock, TimeSpan.FromHours(1));
        memory.Learn("MX.test", HostFaults.Chunking);
        memory.Learn("mx.test", HostFaults.Gluing);

        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.Chunking | HostFaults.Gluing));
        Assert.That(memory.Look("other.test"), Is.EqualTo(HostFaults.None));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.None));
    }

    [Test]
    public void A_loss_is_believed_at_the_third_in_a_row()
    {
        var memory = new HostMemory(_clock, TimeSpan.FromHours(1));
        memory.Suspect("mx.test", HostFaults.Pipelining);
        memory.Suspect("mx.test", HostFaults.Gluing);
        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.None));
        Assert.That(memory.IsSuspected("mx.test"), Is.True);

        memory.Suspect("mx.test", HostFaults.Gluing);

        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.Pipelining | HostFaults.Gluing));
        Assert.That(memory.IsSuspected("mx.test"), Is.False);
    }

    [Test]
    public void A_success_between_losses_clears_them_but_not_what_was_proved()
    {
        var memory = new HostMemory(_clock, TimeSpan.FromHours(1));
        memory.Learn("mx.test", HostFaults.Chunking);
        memory.Suspect("mx.test", HostFaults.Pipelining);
        memory.Suspect("mx.test", HostFaults.Pipelining);
        memory.Clear("mx.test");
        memory.Suspect("mx.test", HostFaults.Pipelining);

        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.Chunking));
    }

    [Test]
    public void A_suspicion_does_not_prolong_what_is_believed()
    {
        var memory = new HostMemory(_clock, TimeSpan.FromHours(1));
        memory.Learn("mx.test", HostFaults.Chunking);
        _clock.Advance(TimeSpan.FromMinutes(59));
        memory.Suspect("mx.test", HostFaults.Pipelining);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That(memory.Look("mx.test"), Is.EqualTo(HostFaults.None));
    }

    [Test]
    public void Beyond_its_capacity_expired_hosts_make_room_and_others_stay()
    {
        var memory = new HostMemory(_clock, TimeSpan.FromHours(1), capacity: 2);
        memory.Learn("a.test", HostFaults.Chunking);
        _clock.Advance(TimeSpan.FromMinutes(30));
        memory.Learn("b.test", HostFaults.Chunking);
        memory.Learn("c.test", HostFaults.Chunking);
        Assert.That(memory.Look("c.test"), Is.EqualTo(HostFaults.None));

        _clock.Advance(TimeSpan.FromMinutes(30));
        memory.Learn("c.test", HostFaults.Chunking);

        Assert.That((memory.Look("b.test"), memory.Look("c.test")), Is.EqualTo((HostFaults.Chunking, HostFaults.Chunking)));
    }

    [Test]
    public void No_fault_is_not_remembered()
    {
        var memory = new HostMemory(_clock, TimeSpan.FromHours(1));
        memory.Suspect("mx.test", HostFaults.None);

        Assert.That(memory.IsSuspected("mx.test"), Is.False);
    }
}
