using Engine.Configuration;
using Engine.Tests.Delivery.Smtp;
using Engine.Tests.Wire;

namespace Engine.Tests.Journeys;

/// <summary>Mail that a receiver blocks, through the whole engine and out by a relay; relays in trouble; and sources behind NAT or a proxy.</summary>
internal sealed class RelayJourneys
{
    [Test]
    public async Task What_a_receiver_blocks_goes_by_the_relay_after_its_age_and_only_transactional_mail()
    {
        await using var relay = RelayPeer.Start();
        await using var world = await RelayWorld.StartAsync(relay.Address.Port);

        var receipt = await world.SubmitAsync("transactional", "reader@blocked.test");
        await world.SubmitAsync("marketing", "reader@blocked.test");
        var relayed = (await world.EventsAsync(line => RelayWorld.Kind(line) == "relayed"))[0];
        var put = await world.EventsAsync(line => RelayWorld.Kind(line) == "deferred" && RelayWorld.Text(line, "stream") == "marketing", count: 3);
        await world.World.QueueAsync(static counts => counts.Queued == 1);

        Assert.That(relay.Contents.Single(), Does.Contain($"Subject: Journey {receipt}\r\n").And.Contain("DKIM-Signature:"));
        Assert.That((RelayWorld.Text(relayed, "relay"), RelayWorld.Text(relayed, "mx"), relayed.GetProperty("code").GetInt32()), Is.EqualTo(("backup", "127.0.0.1", 250)));
        Assert.That(relayed.GetProperty("tls").GetProperty("version").GetString(), Is.EqualTo("1.3"));
        Assert.That(put.Select(line => line.GetProperty("attempt").GetInt32()), Is.EqualTo([1, 2, 3]), "marketing goes on by itself");
        var events = await world.EventsAsync();
        Assert.That(events.First(line => RelayWorld.Kind(line) == "deferred" && RelayWorld.Text(line, "stream") == "transactional").TryGetProperty("relay", out _), Is.False, "the receiver is asked first");
        Assert.That(events.Where(line => RelayWorld.Kind(line) is "delivered" or "bounced"), Is.Empty);
        Assert.That(relay.Logins, Has.All.EqualTo($"\0{RelayPeer.User}\0{RelayPeer.Password}"));
    }

    [Test]
    public async Task A_relay_with_a_wrong_password_bounces_nobody_counts_nothing_and_raises_one_alert()
    {
        await using var relay = RelayPeer.Start();
        await using var world = await RelayWorld.StartAsync(relay.Address.Port, static options => options with { User = "somebody" });

        await world.SubmitAsync("transactional", "reader@blocked.test");
        var alert = (await world.EventsAsync(line => RelayWorld.Kind(line) == "alert"))[0];
        var tries = await world.EventsAsync(line => RelayWorld.Kind(line) == "deferred", count: 2);
        await world.World.QueueAsync(static counts => counts.Queued == 1);

        Assert.That((RelayWorld.Text(alert, "relay"), RelayWorld.Text(alert, "rule"), alert.GetProperty("code").GetInt32(), RelayWorld.Text(alert, "command")), Is.EqualTo(("backup", "relay.login", 535, "auth")));
        Assert.That(tries.Select(line => (line.GetProperty("attempt").GetInt32(), RelayWorld.Text(line, "relay"))), Is.EqualTo([(1, default(string)), (2, default(string))]), "only the receiver's failures count");
        Assert.That(relay.Contents, Is.Empty);
        var events = await world.EventsAsync();
        Assert.That(events.Count(line => RelayWorld.Kind(line) == "alert"), Is.EqualTo(1));
        Assert.That(events.Where(line => RelayWorld.Kind(line) is "relayed" or "bounced" or "delivered" or "expired"), Is.Empty);
        Assert.That(string.Join('\n', events), Does.Not.Contain(RelayPeer.Password), "no secret in an event");
    }

    [Test]
    public async Task A_relay_that_refuses_a_recipient_for_good_ends_it_and_it_alone()
    {
        await using var relay = RelayPeer.Start(rcpt: static line => line.Contains("gone@", StringComparison.Ordinal) ? "550 5.1.1 No such user" : "250 2.1.5 Ok");
        await using var world = await RelayWorld.StartAsync(relay.Address.Port);

        await world.SubmitAsync("transactional", "gone@blocked.test");
        await world.SubmitAsync("transactional", "reader@blocked.test");
        var bounced = (await world.EventsAsync(line => RelayWorld.Kind(line) == "bounced"))[0];
        await world.EventsAsync(line => RelayWorld.Kind(line) == "relayed");

        Assert.That((RelayWorld.Text(bounced, "relay"), bounced.GetProperty("code").GetInt32(), RelayWorld.Text(bounced, "disposition")), Is.EqualTo(("backup", 550, "fail")), "not suppressed");
        Assert.That(relay.Recipients.Count(line => line.Contains("gone@", StringComparison.Ordinal)), Is.EqualTo(1));
        await world.World.QueueAsync(static counts => counts.Queued == 0);
    }

    [TestCase("554 5.7.1 Relay access denied", "relay.login")]
    [TestCase("451 4.3.0 Try later", "relay.refuses")]
    public async Task A_relay_that_refuses_everything_is_left_alone_for_a_while(string reply, string rule)
    {
        await using var relay = RelayPeer.Start(rcpt: _ => reply);
        await using var world = await RelayWorld.StartAsync(relay.Address.Port);

        for (var number = 0; number < 4; number++)
        {
            await world.SubmitAsync("transactional", $"reader{number}@blocked.test");
        }

        var alert = (await world.EventsAsync(line => RelayWorld.Kind(line) == "alert"))[0];
        await world.World.QueueAsync(static counts => counts.Queued == 4);

        Assert.That(RelayWorld.Text(alert, "rule"), Is.EqualTo(rule));
        Assert.That((await world.EventsAsync()).Where(line => RelayWorld.Kind(line) is "relayed" or "bounced"), Is.Empty);
    }

    [Test]
    public async Task A_relay_that_is_ourselves_gets_nothing()
    {
        await using var relay = RelayPeer.Start(name: "engine.demo.test");
        await using var world = await RelayWorld.StartAsync(relay.Address.Port);

        await world.SubmitAsync("transactional", "reader@blocked.test");
        var alert = (await world.EventsAsync(line => RelayWorld.Kind(line) == "alert"))[0];

        Assert.That(RelayWorld.Text(alert, "reason"), Does.Contain("mail would loop"));
        Assert.That((relay.Logins.Count, relay.Contents.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_quota_used_up_leaves_the_rest_to_normal_delivery()
    {
        await using var relay = RelayPeer.Start();
        await using var world = await RelayWorld.StartAsync(relay.Address.Port, static options => options with { Quota = new Rate(2, TimeSpan.FromDays(1), 1) });

        for (var number = 0; number < 5; number++)
        {
            await world.SubmitAsync("transactional", $"reader{number}@blocked.test");
        }

        await world.EventsAsync(line => RelayWorld.Kind(line) == "relayed", count: 2);
        await world.EventsAsync(line => RelayWorld.Kind(line) == "deferred" && line.GetProperty("attempt").GetInt32() == 2, count: 3);

        Assert.That(relay.Contents, Has.Count.EqualTo(2));
        await world.World.QueueAsync(static counts => counts.Queued == 3);
    }

    [Test]
    public async Task When_a_relay_is_not_there_normal_delivery_goes_on()
    {
        var gone = await DeadPortAsync();
        await using var world = await RelayWorld.StartAsync(gone);

        await world.SubmitAsync("transactional", "reader@blocked.test");
        await world.EventsAsync(line => RelayWorld.Kind(line) == "alert" && RelayWorld.Text(line, "rule") == "relay.unreachable");
        await world.EventsAsync(line => RelayWorld.Kind(line) == "deferred", count: 2);
        await world.World.QueueAsync(static counts => counts.Queued == 1);
    }

    [Test]
    public async Task Behind_NAT_the_socket_binds_what_is_here_and_events_show_what_receivers_see()
    {
        await using var world = await RelayWorld.StartAsync(1, adjust: static options => options with
        {
            Sources = new Dictionary<string, SourceOptions> { ["nat"] = new() { Address = "198.51.100.7", Bind = "127.0.0.50" } },
        });

        var number = await world.SubmitAsync("transactional", "reader@strict.demo.test");
        await world.World.DeliveredAsync(number);
        var delivered = (await world.EventsAsync(line => RelayWorld.Kind(line) == "delivered"))[0];

        Assert.That((RelayWorld.Text(delivered, "source"), RelayWorld.Text(delivered, "sourceAddress")), Is.EqualTo(("nat", "198.51.100.7")));
        Assert.That(world.World.Client(number).ToString(), Is.EqualTo("127.0.0.50"));
    }

    [Test]
    public async Task A_source_with_a_proxy_leaves_from_the_address_that_the_proxy_has()
    {
        await using var proxy = ForwardProxy.Start();
        await using var world = await RelayWorld.StartAsync(1, adjust: options => options with
        {
            Sources = new Dictionary<string, SourceOptions> { ["far"] = new() { Address = "127.0.0.51", Proxy = $"haproxy2://{proxy.Address}" } },
        });

        var number = await world.SubmitAsync("transactional", "reader@strict.demo.test");
        await world.World.DeliveredAsync(number);
        var delivered = (await world.EventsAsync(line => RelayWorld.Kind(line) == "delivered"))[0];

        Assert.That((RelayWorld.Text(delivered, "sourceAddress"), RelayWorld.Text(delivered, "mxAddress")), Is.EqualTo(("127.0.0.51", proxy.Heard[0].Destination.Address.ToString())));
        Assert.That(world.World.Client(number).ToString(), Is.EqualTo("127.0.0.51"));
    }

    [Test]
    public async Task A_proxy_that_is_not_there_counts_no_attempt()
    {
        var gone = await DeadPortAsync();
        await using var world = await RelayWorld.StartAsync(1, adjust: options => options with
        {
            Sources = new Dictionary<string, SourceOptions> { ["far"] = new() { Address = "127.0.0.51", Proxy = $"haproxy2://127.0.0.1:{gone}" } },
        });

        await world.SubmitAsync("transactional", "reader@strict.demo.test");
        await world.World.QueueAsync(static counts => counts is { Queued: 1, InFlight: 0, Ready: 0 });

        Assert.That((await world.EventsAsync()).Where(line => RelayWorld.Kind(line) is "deferred" or "bounced" or "delivered"), Is.Empty);
    }

    private static async Task<int> DeadPortAsync()
    {
        await using var peer = ScriptedPeer.Start(static _ => Task.CompletedTask);
        return peer.Address.Port;
    }
}
