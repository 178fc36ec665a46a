using Engine.Queue;

namespace Engine.Tests.Queue;

[CancelAfter(10_000)]
internal sealed class ReadBudgetTests
{
    [Test]
    public async Task Beyond_the_room_readers_wait_and_get_their_turn_in_order(CancellationToken stop)
    {
        var budget = new ReadBudget(100);
        Assert.That(budget.TryTake(80, out var first), Is.True);
        var second = budget.TakeAsync(60, stop).AsTask();
        var third = budget.TakeAsync(10, stop).AsTask();

        Assert.That(budget.TryTake(1, out _), Is.False, "nobody overtakes the line");
        Assert.That((second.IsCompleted, third.IsCompleted), Is.EqualTo((false, false)));
        first.Dispose();
        await second;
        await third;
        Assert.That(budget.Used, Is.EqualTo(70));
    }

    [Test]
    public void One_gets_through_however_large() => Assert.That(new ReadBudget(100).TryTake(1_000, out _), Is.True);

    [Test]
    public async Task Who_gives_up_takes_nothing_and_holds_up_nobody(CancellationToken stop)
    {
        var budget = new ReadBudget(100);
        budget.TryTake(100, out var first);
        using var given = new CancellationTokenSource();
        var quitter = budget.TakeAsync(50, given.Token).AsTask();
        var next = budget.TakeAsync(50, stop).AsTask();

        await given.CancelAsync();
        Assert.That(async () => await quitter, Throws.InstanceOf<OperationCanceledException>());
        first.Dispose();
        (await next).Dispose();
        Assert.That(budget.Used, Is.Zero);
    }
}
