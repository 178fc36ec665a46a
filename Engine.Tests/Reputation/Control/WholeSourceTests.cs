using Engine.Configuration.Providers;
using Engine.Reputation;

namespace Engine.Tests.Reputation.Control;

/// <summary>What receivers say of a source as a whole: one of them stops nothing elsewhere.</summary>
internal sealed class WholeSourceTests
{
    private static readonly FlowAction Pause = new(FlowOperation.Pause, FlowScope.Source, TimeSpan.FromHours(1), 0, 0);
    private static readonly ControlKey Everywhere = new(FlowScope.Source, string.Empty, "a");

    private ControlFixture _fixture = new();

    [SetUp]
    public void Begin() => _fixture = new ControlFixture();

    [Test]
    public void One_hostile_receiver_stops_a_source_at_itself_and_nowhere_else()
    {
        Take("hostile");
        for (var again = 0; again < 50; again++)
        {
            _fixture.Complain("hostile", Pause);
            _fixture.Pass(TimeSpan.FromMinutes(5));
        }

        Assert.That(_fixture.Changes.Select(change => change.Key).Distinct(), Is.EqualTo(new[] { At("hostile") }));
        Assert.That(_fixture.Control.Of(Everywhere), Is.EqualTo(_fixture.Control.Of(default)));
        Assert.That(_fixture.Control.Of(At("hostile")).PausedUntil, Is.GreaterThan(_fixture.Now));
    }

    [Test]
    public void Receivers_that_never_took_its_mail_are_not_believed_for_others_however_many()
    {
        for (var number = 0; number < 20; number++)
        {
            _fixture.Complain($"hostile{number}", Pause);
        }

        Assert.That(_fixture.Control.Of(Everywhere), Is.EqualTo(_fixture.Control.Of(default)));
    }

    // The third comes so many minutes after the second.
    [TestCase(20, true)]
    [TestCase(50, false)]
    public void Three_that_took_its_mail_and_say_so_within_the_hour_stop_it_everywhere(int minutes, bool expected)
    {
        foreach (var receiver in new[] { "one", "two", "three" })
        {
            Take(receiver);
        }

        _fixture.Complain("one", Pause);
        _fixture.Pass(TimeSpan.FromMinutes(20));
        _fixture.Complain("two", Pause);
        _fixture.Complain("two", Pause);
        Assert.That(_fixture.Control.Of(Everywhere).PausedUntil, Is.EqualTo(DateTimeOffset.MinValue));
        for (var minute = 0; minute < minutes; minute++)
        {
            Take("three");
            _fixture.Pass(TimeSpan.FromMinutes(1));
        }

        _fixture.Complain("three", Pause);
        Assert.That(_fixture.Control.Of(Everywhere).PausedUntil > _fixture.Now, Is.EqualTo(expected));
        Assert.That(_fixture.Control.Of(At("three")).PausedUntil, Is.GreaterThan(_fixture.Now));
    }

    private static ControlKey At(string receiver) => new(FlowScope.SourceAtProvider, receiver, "a");

    private void Take(string receiver) => _fixture.Observe(_fixture.Of(ObservationKind.Delivered, "a") with { Operator = receiver });
}
