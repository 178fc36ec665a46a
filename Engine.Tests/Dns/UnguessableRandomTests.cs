using Engine.Dns;

namespace Engine.Tests.Dns;

internal sealed class UnguessableRandomTests
{
    [Test]
    public void Numbers_stay_within_their_bounds_and_reach_them()
    {
        var chance = new UnguessableRandom();
        var drawn = Enumerable.Range(0, 2_000).Select(_ => chance.Next(10, 14)).ToHashSet();

        Assert.That(drawn, Is.EquivalentTo(new[] { 10, 11, 12, 13 }));
        Assert.That(Enumerable.Range(0, 2_000).Select(_ => chance.Next(3)).ToHashSet(), Is.EquivalentTo(new[] { 0, 1, 2 }));
        Assert.That(Enumerable.Range(0, 2_000).Select(_ => chance.NextDouble()), Has.All.InRange(0.0, 0.9999999999999999));
        Assert.That(chance.Next(5, 5), Is.EqualTo(5));
        Assert.That(chance.Next(0), Is.Zero);
    }
}
