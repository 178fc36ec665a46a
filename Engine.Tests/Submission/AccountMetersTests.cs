using Engine.Configuration;

namespace Engine.Tests.Submission;

/// <summary>What accounts may hand in: a rate of messages, and recipients per window.</summary>
internal sealed class AccountMetersTests
{
    private const string Message = "From: a@acme.example\r\n\r\nx";

    [Test]
    public async Task Messages_faster_than_the_rate_are_the_client_s_to_keep()
    {
        using var rig = await Rig(new AccountOptions { InjectRate = new Rate(2, TimeSpan.FromSeconds(1), 3) });
        for (var count = 0; count < 3; count++)
        {
            Assert.That(await rig.SendAsync(Message), Does.Contain("250 2.0.0"));
        }

        Assert.That(await rig.SayAsync("MAIL FROM:<a@acme.example>\r\n"), Is.EqualTo("450 4.7.1 Account acme submits faster than its injectRate of 2/s burst 3; try again in 1 s\r\n"));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await rig.SendAsync(Message), Does.Contain("250 2.0.0"));
        Assert.That(rig.Store.Count, Is.EqualTo(4));
        Assert.That(rig.Events.Lines, Has.Some.StartsWith("Rejected 450"));
    }

    [Test]
    public async Task The_last_word_comes_behind_the_content_where_another_session_was_faster()
    {
        using var rig = await Rig(new AccountOptions { InjectRate = new Rate(1, TimeSpan.FromMinutes(1), 1) });
        _ = await rig.SayAsync("MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\n");
        Assert.That(rig.Meters.Take(rig.Rules.Value.FindAccount("acme")!, 1, out _), Is.Null);

        Assert.That(await rig.SayAsync($"DATA\r\n{Message}\r\n.\r\n"), Does.Contain("450 4.7.1 Account acme submits faster"));
        Assert.That(rig.Store.Count, Is.Zero);
    }

    [Test]
    public async Task A_quota_that_is_used_up_refuses_recipients_and_says_when_it_begins_anew()
    {
        using var rig = await Rig(new AccountOptions { Quota = new QuotaOptions { Max = 3 }, TimeZone = "Asia/Tokyo" });
        var said = await rig.SayAsync("MAIL FROM:<a@acme.example>\r\nRCPT TO:<1@b.example>\r\nRCPT TO:<2@b.example>\r\nRCPT TO:<3@b.example>\r\nRCPT TO:<4@b.example>\r\n");
        Assert.That(said, Does.EndWith("452 4.7.1 The quota of account acme, 3 recipients in 24 h, does not hold this; it starts anew at 2026-11-22T15:00:00Z\r\n"));
        Assert.That(await rig.SayAsync($"DATA\r\n{Message}\r\n.\r\n"), Does.Contain("250 2.0.0"));
        Assert.That(rig.Store.Next().Envelope.Recipients, Has.Count.EqualTo(3));

        Assert.That(await rig.SayAsync("MAIL FROM:<a@acme.example>\r\n"), Does.StartWith("452 4.7.1 The quota"));
        rig.Clock.Advance(TimeSpan.FromHours(7));
        Assert.That(await rig.SendAsync(Message), Does.Contain("250 2.0.0"));
    }

    [Test]
    public async Task Over_a_quota_that_holds_mail_is_taken_and_goes_in_the_first_window_with_room()
    {
        using var rig = await Rig(new AccountOptions { Quota = new QuotaOptions { Max = 2, Per = TimeSpan.FromHours(6), Over = QuotaOver.Hold } });
        var times = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            Assert.That(await rig.SendAsync(Message), Does.Contain("250 2.0.0"));
            var envelope = rig.Store.Next().Envelope;
            times.Add($"{envelope.NotBefore:dd HH:mm}");
        }

        // It is eight o'clock in the window from six to twelve.
        Assert.That(times, Is.EqualTo(new[] { "22 08:00", "22 08:00", "22 12:00", "22 12:00", "22 18:00" }));
    }

    [Test]
    public async Task A_message_that_is_refused_or_not_stored_is_not_counted()
    {
        using var rig = await Rig(new AccountOptions { Quota = new QuotaOptions { Max = 1 }, InjectRate = new Rate(1, TimeSpan.FromHours(1), 1) });
        Assert.That(await rig.SendAsync("Subject: no sender\r\n\r\nx"), Does.Contain("550 5.6.0"));
        rig.Store.Commit = Task.FromException(new IOException("gone"));
        Assert.That(async () => await rig.SendAsync(Message), Throws.InstanceOf<IOException>());
        rig.Store.Commit = Task.CompletedTask;

        Assert.That(rig.Meters.Look(rig.Rules.Value.FindAccount("acme")!, 0), Is.Null);
        Assert.That(rig.Meters.Look(rig.Rules.Value.FindAccount("acme")!, 1), Is.Null);
    }

    [Test]
    public async Task An_injector_is_measured_by_the_account_it_acts_for()
    {
        using var rig = await Rig(new AccountOptions { Quota = new QuotaOptions { Max = 1 } }, "platform");
        Assert.That(await rig.SendAsync($"X-Engine-Account: acme\r\n{Message}"), Does.Contain("250 2.0.0"));
        Assert.That(await rig.SendAsync($"X-Engine-Account: acme\r\n{Message}"), Does.Contain("452 4.7.1 The quota of account acme"));
    }

    [Test]
    public async Task Other_figures_after_a_reload_keep_what_was_counted()
    {
        using var rig = await Rig(new AccountOptions { Quota = new QuotaOptions { Max = 3 } });
        _ = await rig.SendAsync(Message);
        _ = await rig.SendAsync(Message);
        var account = rig.Rules.Value.FindAccount("acme")!;

        Assert.That(rig.Meters.Look(account with { Quota = new QuotaOptions { Max = 2 } }, 0)!.Value.Reply.Code, Is.EqualTo(452));
        Assert.That(rig.Meters.Look(account with { Quota = new QuotaOptions { Max = 5 } }, 3), Is.Null);
        Assert.That(rig.Meters.Look(account with { Quota = new QuotaOptions { Max = 5 } }, 4), Is.Not.Null);
    }

    private static Task<DialogueRig> Rig(AccountOptions keys, string login = "acme/app")
    {
        var options = Sample.Options;
        var accounts = new Dictionary<string, AccountOptions>(options.Accounts)
        {
            ["acme"] = Sample.Acme with { InjectRate = keys.InjectRate, Quota = keys.Quota, TimeZone = keys.TimeZone },
        };
        return new DialogueRig("submission", options with { Accounts = accounts }).GreetAsync(login);
    }
}
