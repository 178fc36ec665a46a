using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Engine.Configuration;
using Engine.Demo;
using Engine.Queue;

namespace Engine.Tests.Demo;

/// <summary>
/// Takes mail and passes it on out of memory, so that demo and journeys can be tested by themselves. It signs nothing, keeps nothing
/// and speaks no TLS. Mail is addressed by its To field, which in letters of ours names every recipient.
/// </summary>
internal sealed class StandInEngine : IDemoEngine
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly StandInNames _names;
    private readonly int _port;
    private readonly DemoReceiver _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _deliveries = [];
    private long _queued;

    private StandInEngine(EngineOptions options, TimeProvider clock)
    {
        (_names, _port) = (new StandInNames(IPEndPoint.Parse(options.Dns.Servers[0])), options.Delivery.Port);
        var script = new ReceiverScript { Offers = new ReceiverScript().Offers | ReceiverOffers.AuthPlain };
        _listener = new DemoReceiver(script, new IPEndPoint(IPAddress.Loopback, 0), new Ledger(clock), clock, TakeAsync);
    }

    public IReadOnlyList<IPEndPoint> SubmissionEndPoints => [_listener.EndPoint];

    public QueueCounts Counts => new(Interlocked.Read(ref _queued), 0, 0, 0, 0, 0);

    public static Task<IDemoEngine> StartAsync(Snapshot snapshot, TimeProvider clock, ILoggerFactory loggers, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        loggers.CreateLogger<StandInEngine>();
        return Task.FromResult<IDemoEngine>(new StandInEngine(snapshot.Options, clock));
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _stop.CancelAsync();
        await Task.WhenAll(_deliveries);
        _stop.Dispose();
    }

    private ValueTask TakeAsync(Reception mail, CancellationToken stop)
    {
        var content = Encoding.Latin1.GetString(mail.Content.Span);
        var wire = Encoding.Latin1.GetBytes(
            "Received: from generator by stand-in with ESMTPA id standin; now\r\n"
            + content.Replace("\r\n.", "\r\n..", StringComparison.Ordinal)
            + ".\r\n");
        foreach (var recipient in mail.Recipients)
        {
            Interlocked.Increment(ref _queued);
            _deliveries.Add(Task.Run(() => DeliverAsync(new Letter(mail.Number, mail.Sender, [recipient], wire)), CancellationToken.None));
        }

        return ValueTask.CompletedTask;
    }

    private async Task DeliverAsync(Letter letter)
    {
        try
        {
            while (!await TryDeliverAsync(letter))
            {
                await Task.Delay(Pause, TimeProvider.System, _stop.Token);
            }

            Interlocked.Decrement(ref _queued);
        }
        catch (OperationCanceledException)
        {
            // Stopped with mail in hand.
        }
    }

    private async Task<bool> TryDeliverAsync(Letter letter)
    {
        var domain = letter.Recipients[0][(letter.Recipients[0].IndexOf('@', StringComparison.Ordinal) + 1)..];
        foreach (var address in await _names.ExchangersAsync(domain, _stop.Token))
        {
            await using var session = await SubmitSession.OpenAsync(new IPEndPoint(address, _port), null, TimeProvider.System, _stop.Token);
            if (session is not null)
            {
                var answer = await session.SubmitAsync(letter, _stop.Token);
                return answer.Kind is SubmitKind.Accepted or SubmitKind.Refused;
            }
        }

        return false;
    }
}
