using Engine.Reputation.Blocklists;
using static Engine.Tests.Reputation.Blocklists.SampleLists;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class SelfTestTests
{
    private static readonly ListAnswer Refusal = new(ListVerdict.Refused, "127.255.255.254 open resolver", TimeSpan.Zero);

    private static readonly ListAnswer Foreign = new(ListVerdict.Foreign, "203.0.113.7", TimeSpan.Zero);

    private static readonly ListAnswer Code = new(ListVerdict.Other, "127.0.0.254", TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Judgements() =>
    [
        new(Hit, Clean, ZoneHealth.Good),
        new(Code, Clean, ZoneHealth.Good),
        new(null, Clean, ZoneHealth.Good),
        new(Hit, Hit, ZoneHealth.Wildcard),
        new(Code, Code, ZoneHealth.Wildcard),
        new(null, Hit, ZoneHealth.Wildcard),
        new(Clean, Clean, ZoneHealth.Empty),
        new(Refusal, Refusal, ZoneHealth.Refused),
        new(Clean, Refusal, ZoneHealth.Refused),
        new(Foreign, Foreign, ZoneHealth.Foreign),
        new(Hit, Foreign, ZoneHealth.Foreign),
        new(ListAnswer.Silence, Clean, ZoneHealth.Silent),
        new(Hit, ListAnswer.Silence, ZoneHealth.Silent),
    ];

    [TestCaseSource(nameof(Judgements))]
    public void Two_answers_tell_how_a_list_is(object? mustList, object mustNotList, object expected) =>
        Assert.That(SelfTest.Judge((ListAnswer?)mustList, (ListAnswer)mustNotList), Is.EqualTo(expected));

    [Test]
    public void A_failing_list_is_tested_again_after_an_hour_then_two_up_to_a_day()
    {
        var test = new SelfTest(Make("list.example"), Start);
        var waits = new List<double>();
        for (var turn = 0; turn < 7; turn++)
        {
            var now = test.NextAt;
            test.Take(Hit, Hit, now, now);
            waits.Add((test.NextAt - now).TotalHours);
        }

        Assert.That(waits, Is.EqualTo(new double[] { 1, 2, 4, 8, 16, 24, 24 }));
        Assert.That(test.Counts, Is.False);
        Assert.That(test.Take(Hit, Clean, test.NextAt, test.NextAt), Is.True);
        Assert.That(test.NextAt - test.TestedAt, Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public void Silence_of_a_list_takes_three_tests_while_others_answer()
    {
        var test = Good();
        var healths = new List<ZoneHealth>();
        for (var turn = 0; turn < 3; turn++)
        {
            var now = test.NextAt;
            test.Take(ListAnswer.Silence, ListAnswer.Silence, now, now);
            healths.Add(test.Health);
        }

        Assert.That(healths, Is.EqualTo(new[] { ZoneHealth.Good, ZoneHealth.Good, ZoneHealth.Silent }));
    }

    [Test]
    public void Silence_of_all_lists_is_our_resolver_and_takes_none_out()
    {
        var test = Good();
        var lastAnswer = test.TestedAt;
        for (var turn = 0; turn < 100; turn++)
        {
            test.Take(ListAnswer.Silence, ListAnswer.Silence, test.NextAt, lastAnswer);
            Assert.That(test.Health, Is.EqualTo(ZoneHealth.Good));
            Assert.That(test.NextAt - test.TestedAt, Is.EqualTo(TimeSpan.FromMinutes(1)));
        }
    }

    [TestCase(ListVerdict.Refused, 1, true)]
    [TestCase(ListVerdict.Foreign, 1, true)]
    [TestCase(ListVerdict.NoAnswer, 4, false)]
    [TestCase(ListVerdict.NoAnswer, 5, true)]
    [TestCase(ListVerdict.Listed, 9, false)]
    public void A_strange_answer_brings_the_test_forward(ListVerdict verdict, int times, bool expected)
    {
        var test = Good();
        var now = Start.AddMinutes(10);
        for (var turn = 0; turn < times; turn++)
        {
            test.Note(new ListAnswer(verdict, "x", TimeSpan.Zero), now);
        }

        Assert.That(test.NextAt == now, Is.EqualTo(expected));
    }

    [Test]
    public void The_longest_no_is_remembered()
    {
        var test = Good();
        test.Note(Clean with { NegativeTtl = TimeSpan.FromSeconds(150) }, Start);
        test.Note(Clean with { NegativeTtl = TimeSpan.FromSeconds(20) }, Start);
        test.Note(Clean with { NegativeTtl = null }, Start);

        Assert.That(test.NegativeTtl, Is.EqualTo(TimeSpan.FromSeconds(150)));
    }

    private static SelfTest Good()
    {
        var test = new SelfTest(Make("list.example"), Start);
        test.Take(Hit, Clean, Start, Start);
        return test;
    }
}
