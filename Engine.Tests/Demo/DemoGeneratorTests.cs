using System.Net;
using System.Text;
using Engine.Demo;

namespace Engine.Tests.Demo;

internal sealed class DemoGeneratorTests
{
    private readonly Ledger _ledger = new(TimeProvider.System);
    private readonly LetterWriter _letters = new(["one.test", "two.test"], "two.test", TimeProvider.System);

    [Test, CancelAfter(60_000)]
    public async Task Every_letter_is_submitted_once_and_acknowledged(CancellationToken guard)
    {
        await using var receiver = Open(new ReceiverScript { Offers = new ReceiverScript().Offers | ReceiverOffers.AuthPlain });
        await Generator(receiver, 300).RunAsync(guard);

        var summary = LedgerSummary.Of(_ledger);
        Assert.That((summary.Accepted, summary.Lost, summary.Duplicates, summary.Strangers), Is.EqualTo((300, 0, 0, 0)));
        Assert.That(summary.Recipients, Is.GreaterThan(300));
        Assert.That(receiver.Connections, Is.EqualTo(4));
    }

    [Test, CancelAfter(60_000)]
    public async Task Broken_connections_are_opened_again_and_what_is_unknown_is_counted(CancellationToken guard)
    {
        await using var receiver = Open(new ReceiverScript { LoseEvery = 10, DropEvery = 15 });
        await Generator(receiver, 150, login: false).RunAsync(guard);

        var summary = LedgerSummary.Of(_ledger);
        Assert.That((summary.Accepted, summary.Unknown, summary.Lost), Is.EqualTo((130, 20, 0)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Resubmitted_letters_are_acknowledged_and_may_be_duplicates(CancellationToken guard)
    {
        await using var receiver = Open(new ReceiverScript { DropEvery = 10 });
        await Generator(receiver, 90, login: false, resubmits: true).RunAsync(guard);

        var summary = LedgerSummary.Of(_ledger);
        Assert.That((summary.Accepted, summary.Unknown, summary.Lost), Is.EqualTo((90, 0, 0)));
        Assert.That(summary.Duplicates, Is.GreaterThan(0));
        Assert.That(_ledger.ReadAll(static story => story.Submissions - 1).Sum(), Is.EqualTo(receiver.Contents - 90));
    }

    [Test, CancelAfter(60_000)]
    public async Task What_is_put_off_is_tried_again_and_what_is_refused_is_not(CancellationToken guard)
    {
        await using var receiver = Open(new ReceiverScript { DeferEvery = 7, RefusedPrefix = "gone", MessagesPerConnection = 13 });
        var generator = Generator(receiver, 120, login: false);
        await generator.RunAsync(guard);

        var rejected = _ledger.ReadAll(static story => story.State is SubmissionState.Rejected && story.Recipients.Any(static one => one.Address.StartsWith("gone", StringComparison.Ordinal))).Count(static one => one);
        var summary = LedgerSummary.Of(_ledger);
        Assert.That(summary.Rejected, Is.EqualTo(rejected).And.GreaterThan(0));
        Assert.That(summary.Accepted, Is.EqualTo(120 - rejected));
        Assert.That(generator.LastRefusal, Is.Not.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task It_waits_for_a_server_that_is_not_there_until_it_is_stopped(CancellationToken guard)
    {
        var receiver = Open(new ReceiverScript());
        await receiver.DisposeAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(guard);
        var running = Generator(receiver, 10, login: false).RunAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThatAsync(() => running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_ledger.Counts.Acknowledged, Is.Zero);
    }

    [Test]
    public void Letters_look_like_mail_and_are_of_many_sizes()
    {
        var letters = Enumerable.Range(1, 600).Select(number => _letters.Write(number)).ToArray();

        Assert.That(letters.Min(static one => one.Content.Length), Is.InRange(1_000, 3_000));
        Assert.That(letters.Max(static one => one.Content.Length), Is.InRange(28_000, 36_000));
        Assert.That(letters.Select(static one => one.Recipients.Count).Distinct().Order(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(letters.SelectMany(static one => one.Recipients).Distinct().Count(), Is.EqualTo(letters.Sum(static one => one.Recipients.Count)));
        Assert.That(letters.Count(static one => one.Recipients.Any(static to => to.StartsWith("gone", StringComparison.Ordinal))), Is.InRange(20, 60));
    }

    [Test]
    public void A_letter_is_strict_mail([Values(1, 2, 3, 7, 28, 29)] int number)
    {
        var letter = _letters.Write(number);
        var wire = Encoding.UTF8.GetString(letter.Content.Span);
        var lines = wire.Split("\r\n");

        Assert.That(wire, Does.EndWith("\r\n.\r\n"));
        Assert.That(wire.Replace("\r\n", string.Empty, StringComparison.Ordinal), Does.Not.Contain('\r').And.Not.Contain('\n'));
        Assert.That(lines[..^2].Where(static line => line.StartsWith('.')), Is.All.StartsWith(".."));
        Assert.That(lines.Max(static line => Encoding.UTF8.GetByteCount(line)), Is.LessThan(998));
        Assert.That(lines, Does.Contain($"X-Demo-Number: {number}"));
        Assert.That(_letters.Write(number).Content.Length, Is.EqualTo(letter.Content.Length));
    }

    private DemoReceiver Open(ReceiverScript script) => new(script, new IPEndPoint(IPAddress.Loopback, 0), _ledger, TimeProvider.System);

    private DemoGenerator Generator(DemoReceiver receiver, int count, bool login = true, bool resubmits = false)
    {
        var settings = new GeneratorSettings
        {
            Server = receiver.EndPoint,
            Login = login ? new SubmitLogin("demo/generator", "secret") : null,
            Count = count,
            Sessions = 4,
            Resubmits = resubmits,
            Pause = TimeSpan.FromMilliseconds(1),
        };
        return new DemoGenerator(settings, _letters.Write, _ledger, TimeProvider.System);
    }
}
