using System.Text;
using Engine.Delivery.Trust;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>One connection to one address of an exchanger: greeting, EHLO, TLS, any number of messages, QUIT. Owns the connection.</summary>
/// <remarks>
/// One call at a time. Every way the peer or the network can behave comes back as data. The steps are decided by
/// <see cref="SmtpOpening"/> and <see cref="MailTransaction"/>; this only sends, waits and tells them what came.
/// </remarks>
/// <param name="connection">Connected, nothing read from it. Owned from now on.</param>
/// <param name="settings">Of the source and the exchanger.</param>
/// <param name="memory">What is known about the exchanger's offers.</param>
/// <param name="clock">Measures the time limits.</param>
internal sealed class SmtpSession(Connection connection, SessionSettings settings, HostMemory memory, TimeProvider clock) : IIdleSession, IAsyncDisposable
{
    private static readonly TimeSpan QuitLimit = TimeSpan.FromSeconds(2);

    private readonly SmtpWire _wire = new(connection, clock);
    private readonly ReplyText _text = new();
    private readonly ServerCheck _check = settings.Check ?? new ServerCheck(TlsDemand.Opportunistic, settings.Host, roots: null, clock);
    private SmtpExchange? _exchange;

    /// <summary>For the event log's <c>session</c>.</summary>
    public long Number { get; init; }

    /// <summary>Messages sent over it, counted by its user; stays with it while it is idle.</summary>
    public int Messages { get; set; }

    /// <summary>What the server calls itself, as it said last; null before it spoke, and where it is no word.</summary>
    public string? PeerName { get; private set; }

    /// <summary>What the server offers; the default value before <see cref="OpenAsync"/>.</summary>
    public EhloOffer Offer { get; private set; }

    /// <summary>What the handshake agreed on; null in the clear.</summary>
    public TlsSession? Tls => _wire.Tls;

    /// <summary>The next message was taken from the provider and nothing but its envelope can be on the wire: send it by <see cref="SendNextAsync"/>, or take it as never attempted.</summary>
    public bool HasNext => _exchange is { HasNext: true };

    /// <summary>Idle, clean and silent. One system call.</summary>
    public bool IsHealthy => _exchange is { IsSpent: false, HasNext: false } && _wire.IsQuiet;

    /// <summary>Waits for the greeting, says EHLO (HELO when that is refused), and STARTTLS and AUTH as the settings have it.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; dispose the session.</exception>
    public async ValueTask<OpenResult> OpenAsync(CancellationToken stop)
    {
        var opening = new SmtpOpening(settings.Terms);
        while (true)
        {
            var awaits = opening.Awaits;
            var limit = awaits is SmtpCommand.Connect ? settings.Timeouts.Greeting : settings.Timeouts.Ehlo;
            var heard = await _wire.HearAsync(limit, stop).ConfigureAwait(false);
            if (heard.Result is not ReadResult.Complete)
            {
                return NotHeard(heard, awaits);
            }

            var verdict = Verdict.From(heard.Reply, awaits, _text.Of(heard.Reply));
            Note(heard.Reply, awaits);
            var step = opening.Accept(heard.Reply);
            var fault = WireFault.None;
            switch (step)
            {
                case OpeningStep.Refused when verdict.Command is SmtpCommand.Auth:
                    // A server may give back what it was sent: its words go nowhere.
                    return new OpenResult(OpenState.Refused, verdict with { Text = "the login was refused" }, WireFault.None);
                case OpeningStep.Refused:
                    return new OpenResult(OpenState.Refused, verdict, WireFault.None);
                case OpeningStep.NoTls:
                    return Failure(OpenState.NoTls, awaits, "TLS is required, and the server does not offer it");
                case OpeningStep.NoRequireTls:
                    return Failure(OpenState.NoRequireTls, awaits, "the server does not offer REQUIRETLS");
                case OpeningStep.NoEhlo:
                    return Failure(OpenState.NoEhlo, awaits, "the server refuses EHLO within TLS: whether it can do REQUIRETLS is not known");
                case OpeningStep.NoLogin:
                    return Failure(OpenState.NoLogin, SmtpCommand.Auth, _wire.Tls is null && !settings.MayLogInClear ? "the login needs TLS, and there is none" : "the server offers neither AUTH PLAIN nor AUTH LOGIN");
                case OpeningStep.Ourselves:
                    return Failure(OpenState.Ourselves, awaits, "the server goes by a name of our own: mail would loop");
                case not OpeningStep.Secure when !_wire.IsDrained:
                case OpeningStep.Close:
                    return Failure(OpenState.Malformed, awaits, "the server is out of step");
                case OpeningStep.Ready:
                    return Ready(opening.Offer, verdict);
                case OpeningStep.Secure:
                    fault = await SecureAsync(stop).ConfigureAwait(false);
                    step = opening.OnSecured();
                    break;
            }

            if (fault is not WireFault.None)
            {
                return Failure(OpenState.TlsFailed, SmtpCommand.StartTls, _check.Reason ?? $"TLS handshake: {fault}", fault);
            }

            fault = await _wire.SendAsync(CommandOf(step), settings.Timeouts.Ehlo, stop).ConfigureAwait(false);
            if (fault is not WireFault.None)
            {
                return Failure(OpenState.Broken, opening.Awaits, $"sending: {fault}", fault);
            }
        }
    }

    /// <summary>Sends one message.</summary>
    /// <param name="job">Borrowed until the call ends.</param>
    /// <param name="verdicts">One slot for each recipient; cleared first, then written.</param>
    /// <param name="next">Asked for the following message when the end of this one is written and the host can be trusted with it; null to send one by one.</param>
    /// <param name="stop">Ends the wait: <see cref="SessionState.Stopped"/>, or <see cref="SessionState.Uncertain"/> after the end of the content.</param>
    /// <exception cref="InvalidOperationException">Not open, spent, or a next message is waiting.</exception>
    public ValueTask<SendResult> SendAsync(in SmtpJob job, Memory<Verdict> verdicts, INextJob? next, CancellationToken stop) =>
        Exchange.SendAsync(job, verdicts, next, stop);

    /// <summary>Sends the message that was taken while the one before was ending. See <see cref="HasNext"/>.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public ValueTask<SendResult> SendNextAsync(INextJob? next, CancellationToken stop) => Exchange.SendNextAsync(next, stop);

    /// <summary>Says QUIT when the connection is clean, waits at most two seconds for the answer, and disposes.</summary>
    public async ValueTask CloseAsync()
    {
        if (IsHealthy)
        {
            var sent = await _wire.SendAsync("QUIT\r\n"u8.ToArray(), QuitLimit, CancellationToken.None).ConfigureAwait(false);
            if (sent is WireFault.None)
            {
                await _wire.HearAsync(QuitLimit, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Drops the connection without a word.</summary>
    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    private SmtpExchange Exchange => _exchange ?? throw new InvalidOperationException("The session is not open.");

    private static OpenResult Failure(OpenState state, SmtpCommand command, string text, WireFault fault = WireFault.None) =>
        new(state, new Verdict(0, default, command, text), fault);

    private static OpenResult NotHeard(in Heard heard, SmtpCommand awaits) => heard.Result is ReadResult.Malformed
        ? Failure(OpenState.Malformed, awaits, "what the server sent is no reply")
        : Failure(OpenState.Broken, awaits, $"waiting for the reply: {heard.Fault}", heard.Fault);

    // RFC 5321 §4.2: the first word of the first line.
    private void Note(in Reply reply, SmtpCommand awaits)
    {
        if (awaits is not (SmtpCommand.Connect or SmtpCommand.Ehlo) || reply.Severity is not Severity.Positive)
        {
            return;
        }

        foreach (var line in new ReplyLines(reply))
        {
            var end = line.IndexOf((byte)' ');
            var name = end < 0 ? line : line[..end];
            PeerName = name.Length is > 0 and <= 255 && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? Encoding.ASCII.GetString(name) : null;
            return;
        }
    }

    private OpenResult Ready(EhloOffer offer, Verdict verdict)
    {
        Offer = offer;
        _exchange = new SmtpExchange(_wire, settings, offer, memory);
        return new OpenResult(OpenState.Ready, verdict, WireFault.None);
    }

    // What the server sent in the clear behind its 220 would be read as if it had come through TLS (CVE-2011-0411).
    private ValueTask<WireFault> SecureAsync(CancellationToken stop) => _wire.IsQuiet
        ? _wire.SecureAsync(_check.Options(), settings.Timeouts.Ehlo, () => _check.Proof, stop)
        : ValueTask.FromResult(WireFault.Tls);

    private ReadOnlyMemory<byte> CommandOf(OpeningStep step) => Encoding.ASCII.GetBytes(step switch
    {
        OpeningStep.SendEhlo => $"EHLO {settings.EhloName}\r\n",
        OpeningStep.SendHelo => $"HELO {settings.EhloName}\r\n",
        OpeningStep.SendAuthPlain => $"AUTH PLAIN {settings.Login!.Plain}\r\n",
        OpeningStep.SendAuthLogin => "AUTH LOGIN\r\n",
        OpeningStep.SendUser => $"{settings.Login!.UserBase64}\r\n",
        OpeningStep.SendPassword => $"{settings.Login!.PasswordBase64}\r\n",
        _ => "STARTTLS\r\n",
    });
}
