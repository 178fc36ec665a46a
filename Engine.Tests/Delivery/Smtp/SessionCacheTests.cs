using System.Net;
using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class SessionCacheTests
{
    private static readonly SessionKey Key = new(new SourceId(1), IPEndPoint.Parse("192.0.2.1:25"), AddressOrigin.Resolved, TlsPolicy.Opportunistic);

    private readonly ManualClock _clock = new();

    [Test]
    public async Task The_freshest_session_of_the_key_is_taken_first()
    {
        await using var cache = Make();
        var (first, second) = (new Idle(), new Idle());
        await cache.PutAsync(Key, first);
        await cache.PutAsync(Key, second);

        Assert.That(cache.TryTake(Key with { Address = IPEndPoint.Parse("192.0.2.1:25") }, out var taken), Is.True);
        Assert.That(taken, Is.SameAs(second));
        Assert.That(cache.TryTake(Key, out taken), Is.True);
        Assert.That(taken, Is.SameAs(first));
        Assert.That(cache.TryTake(Key, out _), Is.False);
    }

    [Test]
    public async Task Another_source_address_policy_or_name_is_another_key()
    {
        await using var cache = Make();
        await cache.PutAsync(Key, new Idle());

        Assert.That(cache.TryTake(Key with { Source = new SourceId(2) }, out _), Is.False);
        Assert.That(cache.TryTake(Key with { Address = IPEndPoint.Parse("192.0.2.1:26") }, out _), Is.False);
        Assert.That(cache.TryTake(Key with { Tls = TlsPolicy.Required }, out _), Is.False);
        Assert.That(cache.TryTake(Key with { VerifiedName = "mx.test" }, out _), Is.False);
        Assert.That(cache.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task A_session_that_has_gone_is_passed_over_and_closed()
    {
        await using var cache = Make();
        var (well, gone) = (new Idle(), new Idle { IsHealthy = false });
        await cache.PutAsync(Key, well);
        await cache.PutAsync(Key, gone);

        Assert.That(cache.TryTake(Key, out var taken), Is.True);
        Assert.That(taken, Is.SameAs(well));
        await gone.Closed;
        Assert.That(cache.Count, Is.Zero);
    }

    [Test]
    public async Task Each_session_leaves_when_its_span_is_over()
    {
        await using var cache = Make();
        var (first, second) = (new Idle(), new Idle());
        await cache.PutAsync(Key, first);
        _clock.Advance(TimeSpan.FromSeconds(20));
        await cache.PutAsync(Key with { Tls = TlsPolicy.Off }, second);

        _clock.Advance(TimeSpan.FromSeconds(10));
        await first.Closed;
        Assert.That(second.Closed.IsCompleted, Is.False);
        Assert.That(cache.Count, Is.EqualTo(1));

        _clock.Advance(TimeSpan.FromSeconds(20));
        await second.Closed;
    }

    [Test]
    public async Task A_session_taken_and_put_back_starts_anew()
    {
        await using var cache = Make();
        var session = new Idle();
        await cache.PutAsync(Key, session);
        _clock.Advance(TimeSpan.FromSeconds(20));
        cache.TryTake(Key, out _);
        await cache.PutAsync(Key, session);

        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.That(session.Closed.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await session.Closed;
    }

    [Test]
    public async Task Beyond_the_capacity_the_oldest_leaves()
    {
        await using var cache = Make(capacity: 2);
        var sessions = Enumerable.Range(0, 3).Select(_ => new Idle()).ToArray();
        foreach (var session in sessions)
        {
            await cache.PutAsync(Key, session);
        }

        await sessions[0].Closed;
        Assert.That(cache.Count, Is.EqualTo(2));
        Assert.That(sessions[1].Closed.IsCompleted || sessions[2].Closed.IsCompleted, Is.False);
    }

    [Test]
    public async Task With_no_span_nothing_is_kept()
    {
        await using var cache = new SessionCache<Idle>(_clock, TimeSpan.Zero, 10);
        var session = new Idle();
        await cache.PutAsync(Key, session);

        await session.Closed;
        Assert.That(cache.TryTake(Key, out _), Is.False);
    }

    [Test]
    public async Task At_the_end_all_are_closed_and_what_comes_later_too()
    {
        var cache = Make();
        var (before, after) = (new Idle(), new Idle());
        await cache.PutAsync(Key, before);

        await cache.DisposeAsync();
        Assert.That(before.Closed.IsCompleted, Is.True);
        await cache.PutAsync(Key, after);
        Assert.That(after.Closed.IsCompleted, Is.True);
    }

    private SessionCache<Idle> Make(int capacity = 10) => new(_clock, TimeSpan.FromSeconds(30), capacity);

    private sealed class Idle : IIdleSession
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsHealthy { get; init; } = true;

        public Task Closed => _closed.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public ValueTask CloseAsync()
        {
            _closed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
