using Engine.Classification;
using Engine.Mail;

namespace Engine.Tests.Classification;

internal sealed class SuppressionBreakerTests
{
    private static readonly Judgement Hard = new ReplyClassifier().JudgeReply(550, default, "user unknown");

    private static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private readonly SuppressionBreaker _breaker = new();
    private readonly List<FuseOpened> _opened = [];

    [SetUp]
    public void Clear() => _opened.Clear();

    [Test]
    public void It_opens_once_above_a_tenth_and_softens()
    {
        Pass("a", "x", 95, 0, Start);
        Pass("a", "x", 0, 10, Start.AddMinutes(1));
        Assert.That(_opened, Is.Empty);

        Pass("a", "x", 0, 1, Start.AddMinutes(1));
        var judgement = Pass("a", "x", 0, 5, Start.AddMinutes(2));

        Assert.That(_opened.Select(fuse => (fuse.Kind, fuse.Name)), Is.EqualTo(new[] { (FuseKind.Operator, "a") }).Or.Count.EqualTo(2));
        Assert.That((judgement.IsHard, judgement.Disposition), Is.EqualTo((false, Disposition.Fail)));
        Assert.That(judgement.Category.Id, Is.EqualTo("bad_recipient"));
        Assert.That(_breaker.IsOpen(FuseKind.Operator, "a"), Is.True);
    }

    [Test]
    public void A_small_sample_opens_nothing()
    {
        var judgement = Pass("b", "y", 0, SuppressionBreaker.MinimumSample - 1, Start);

        Assert.That(judgement.IsHard, Is.True);
        Assert.That(_opened, Is.Empty);
    }

    [Test]
    public void Others_go_on_suppressing()
    {
        Pass("c", "z1", 0, 60, Start);

        Assert.That(Pass("d", "z2", 0, 1, Start).IsHard, Is.True);
        Assert.That(Pass("d", "z1", 0, 1, Start).IsHard, Is.False, "the account's own fuse is open too");
    }

    [Test]
    public void What_is_older_than_the_window_is_forgotten()
    {
        Pass("e", "v", 0, 30, Start);
        Pass("e", "v", 100, 9, Start.AddMinutes(11));

        Assert.That(_breaker.IsOpen(FuseKind.Operator, "e"), Is.False);
    }

    [Test]
    public void It_closes_after_half_an_hour_of_calm()
    {
        Pass("f", "w", 40, 20, Start);
        for (var minute = 0; minute < 35; minute++)
        {
            Pass("f", "w", 100, 1, Start.AddMinutes(minute));
        }

        Assert.That(_breaker.IsOpen(FuseKind.Operator, "f"), Is.False);
        Assert.That(Pass("f", "w", 0, 1, Start.AddMinutes(36)).IsHard, Is.True);
    }

    [Test]
    public void It_stays_open_while_the_share_is_between()
    {
        Pass("g", "u", 40, 20, Start);
        for (var minute = 1; minute < 90; minute++)
        {
            Pass("g", "u", 93, 7, Start.AddMinutes(minute));
        }

        Assert.That(_breaker.IsOpen(FuseKind.Operator, "g"), Is.True);
        Assert.That(_opened.Count(fuse => fuse.Kind is FuseKind.Operator), Is.EqualTo(1));
        Assert.That(_breaker.Open, Does.Contain((FuseKind.Operator, "g")));
    }

    private Judgement Pass(string mailOperator, string account, int good, int hard, DateTimeOffset now)
    {
        var last = default(Judgement);
        for (var reply = 0; reply < good + hard; reply++)
        {
            last = _breaker.Pass(reply < good ? default : Hard, mailOperator, account, now, out var opened);
            if (opened is not null)
            {
                _opened.Add(opened);
            }
        }

        return last;
    }
}
