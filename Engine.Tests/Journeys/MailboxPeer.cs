using System.Threading.Channels;
using Engine.Tests.Delivery.Smtp;

namespace Engine.Tests.Journeys;

/// <summary>A receiver on loopback that keeps what it takes, and answers RCPT as a test wants.</summary>
internal sealed class MailboxPeer : IAsyncDisposable
{
    private readonly Channel<TakenMail> _taken = Channel.CreateUnbounded<TakenMail>();
    private readonly ScriptedPeer _peer;
    private readonly Func<string, string> _rcpt;
    private readonly string _offers;

    private MailboxPeer(Func<string, string>? rcpt, string offers)
    {
        (_rcpt, _offers) = (rcpt ?? (static _ => "250 2.1.5 Ok"), offers);
        _peer = ScriptedPeer.Start(PlayAsync);
    }

    public int Port => _peer.Address.Port;

    /// <param name="rcpt">The answer to what stands behind <c>RCPT TO:</c>; default 250.</param>
    /// <param name="offers">Extensions beside PIPELINING and 8BITMIME.</param>
    public static MailboxPeer Start(Func<string, string>? rcpt = null, params string[] offers) => new(rcpt, string.Concat(offers.Select(static offer => $"\r\n250-{offer}")));

    /// <summary>The next message; waits for it.</summary>
    public async Task<TakenMail> NextAsync()
    {
        using var guard = new CancellationTokenSource(JourneyWorld.Patience, TimeProvider.System);
        return await _taken.Reader.ReadAsync(guard.Token);
    }

    /// <summary>Whether none waits to be read.</summary>
    public bool IsEmpty => _taken.Reader.Count == 0;

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private async Task PlayAsync(PeerTalk talk)
    {
        var (from, to) = (string.Empty, new List<string>());
        talk.Say("220 mx.mailbox.test ESMTP");
        while (await talk.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ')[0])
            {
                case "EHLO":
                    talk.Say($"250-mx.mailbox.test{_offers}\r\n250-PIPELINING\r\n250 8BITMIME");
                    break;
                case "MAIL":
                    (from, to) = (line["MAIL FROM:".Length..], []);
                    talk.Say("250 2.1.0 Ok");
                    break;
                case "RCPT":
                    var answer = _rcpt(line["RCPT TO:".Length..]);
                    if (answer.StartsWith('2'))
                    {
                        to.Add(line["RCPT TO:".Length..]);
                    }

                    talk.Say(answer);
                    break;
                case "DATA" when to.Count == 0:
                    talk.Say("554 5.5.1 Nobody");
                    break;
                case "DATA":
                    talk.Say("354 Go");
                    if (await talk.ReadContentAsync() is { } content)
                    {
                        _taken.Writer.TryWrite(new TakenMail(from, to, content));
                    }

                    talk.Say("250 2.0.0 Taken");
                    break;
                case "QUIT":
                    talk.Say("221 Bye");
                    await talk.CloseAsync();
                    return;
                default:
                    talk.Say("250 Ok");
                    break;
            }
        }
    }
}
