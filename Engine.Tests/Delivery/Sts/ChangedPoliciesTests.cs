using Engine.Delivery.Sts;
using Engine.Limits;
using Engine.Mail;
using Engine.Routing;
using Engine.Scheduling;
using Engine.Tests.Queue;
using Engine.Tests.Scheduling;

namespace Engine.Tests.Delivery.Sts;

internal sealed class ChangedPoliciesTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task Only_mail_of_the_domain_whose_policy_changed_is_put_back(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        using var scheduler = new Scheduler(new LimitTree(folder.Clock), folder.Clock, new SchedulerSettings(100, 4), static _ => { });
        var table = new DestinationTable(folder.Clock);
        var (policy, flow) = (new StsPolicy(StsMode.Enforce, TimeSpan.FromDays(7)) { Patterns = ["mx.example"] }, new Flow(StreamClass.Marketing, "acme", "news", "", DomainName.Parse("acme.example"), ""));
        var evil = new StsEntry(DomainName.Parse("evil.example"), "1", policy, Letters.Noon);
        var destination = table.Intern("mx.example", null, isByHosts: false, [new ExchangerHost(10, "mx.example", null, 25)], evil.Requirement(isAuthentic: false));
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@good.example", "b@evil.example", "c@good.example"), stop);
        var domains = new Dictionary<int, string>();
        for (var count = 0; count < 3; count++)
        {
            var slot = await queue.Due.ReadAsync(stop);
            domains[slot] = queue.DomainOf(queue.Look(slot).Domain).Name;
            scheduler.Add(destination.Id, destination.Name, destination.Operator, VirtualWorkers.PoolOf(null, 1), flow, new ReadyItem(slot, queue.Look(slot).Id));
        }

        new ChangedPolicies(queue, scheduler, table, folder.Clock).Move([new StsEntry(evil.Domain, "1", policy with { Mode = StsMode.Testing }, Letters.Noon)]);
        Assert.That(queue.Due.TryRead(out _), Is.False, "nothing waits under that one");
        new ChangedPolicies(queue, scheduler, table, folder.Clock).Move([evil]);

        Assert.That(queue.Due.TryRead(out var back), Is.True);
        Assert.That(domains[back], Is.EqualTo("evil.example"));
        Assert.That(queue.Due.TryRead(out _), Is.False);
        Assert.That(scheduler.Drain(destination.Id, static _ => true).Select(item => domains[item.Slot]), Is.EqualTo(new[] { "good.example", "good.example" }));
    }
}
