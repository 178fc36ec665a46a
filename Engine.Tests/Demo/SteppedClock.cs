namespace Engine.Tests.Demo;

/// <summary>A wall clock that stands still until it is moved. Timers run as usual: they only guard sockets here.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Move(TimeSpan by) => _now += by;
}
