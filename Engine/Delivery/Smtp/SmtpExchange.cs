using System.Runtime.CompilerServices;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>Sends messages over an open session: feeds <see cref="MailTransaction"/> and does the steps it gives.</summary>
/// <remarks>
/// The envelope goes out in one write (one command at a time without PIPELINING), or rode behind the end of the message before. The
/// content follows the replies, also with BDAT: sent together with the envelope, a connection lost at MAIL would leave every recipient
/// uncertain, and a reply too many would be taken for the answer to the content.
/// </remarks>
internal sealed class SmtpExchange(SmtpWire wire, SessionSettings settings, EhloOffer offer, HostMemory memory)
{
    // A server that closed may have said why; its words are in our socket already.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ResetLimit = TimeSpan.FromSeconds(30);

    private readonly SmtpOutput _output = new(wire, offer, settings.Timeouts.Block);
    private readonly ReplyText _text = new();
    private readonly HostFaults _faults = memory.Look(settings.Host);
    private bool _isSuspected = memory.IsSuspected(settings.Host);
    private Transit _current = new();
    private Transit _next = new();
    private INextJob? _provider;
    private SendResult _failure;
    private Sent _sent;
    private ushort _lastCode;
    private int _transactions;

    public bool HasNext { get; private set; }

    /// <summary>No further message can be sent.</summary>
    public bool IsSpent { get; private set; }

    private bool IsPipelined => offer.Has(Extensions.Pipelining) && !_faults.HasFlag(HostFaults.Pipelining);

    private bool IsChunked => IsPipelined && offer.Has(Extensions.Chunking) && !_faults.HasFlag(HostFaults.Chunking);

    private bool MayGlue => _provider is not null && IsPipelined && !_faults.HasFlag(HostFaults.Gluing) && !IsLastTransaction;

    private bool IsLastTransaction => offer.MaxTransactions > 0 && _transactions >= offer.MaxTransactions;

    public ValueTask<SendResult> SendAsync(in SmtpJob job, Memory<Verdict> verdicts, INextJob? next, CancellationToken stop)
    {
        if (IsSpent || HasNext)
        {
            throw new InvalidOperationException(IsSpent ? "The session is spent." : "The next message is waiting.");
        }

        _current.Begin(job, verdicts, IsChunked);
        return SendCurrentAsync(next, stop);
    }

    public ValueTask<SendResult> SendNextAsync(INextJob? next, CancellationToken stop)
    {
        if (IsSpent || !HasNext)
        {
            throw new InvalidOperationException(IsSpent ? "The session is spent." : "No next message is waiting.");
        }

        (_current, _next, HasNext) = (_next, _current, false);
        return SendCurrentAsync(next, stop);
    }

    private ValueTask<SendResult> SendCurrentAsync(INextJob? next, CancellationToken stop)
    {
        if (!IsTakable(_current.Job))
        {
            return ValueTask.FromResult(NotTaken());
        }

        // Replies to an envelope on the wire may be here already; without one, whatever is here came unasked.
        if (!_current.IsGlued && !wire.IsQuiet)
        {
            IsSpent = true;
            return ValueTask.FromResult(new SendResult(SessionState.Stale, SmtpCommand.None, WireFault.Closed, "the idle connection was closed or spoke out of turn", false));
        }

        _transactions++;
        (_provider, _failure, _sent) = (next, default, default);
        return RunAsync(stop);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SendResult> RunAsync(CancellationToken stop)
    {
        try
        {
            var step = Step.Await;
            while (step is Step.Await or Step.SendContent or Step.SendLoneDot)
            {
                step = step switch
                {
                    Step.SendContent => After(await _output.SendContentAsync(_current, TakeNext(), stop).ConfigureAwait(false)),
                    Step.SendLoneDot => After(await _output.SendLoneDotAsync(_current, stop).ConfigureAwait(false)),
                    _ when _current.Unanswered > 0 => await HearAsync(stop).ConfigureAwait(false),
                    _ when _sent.Kind is not SentKind.Sent => FailSent(string.Empty),
                    _ when _current.IsHopeless => _current.Abandon(),
                    _ => After(await _output.SendEnvelopeAsync(_current, IsPipelined ? int.MaxValue : 1, stop).ConfigureAwait(false)),
                };
            }

            return step switch
            {
                Step.Done => Done(),
                Step.Reset => await ResetAsync(stop).ConfigureAwait(false),
                _ => Closed(),
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Shutdown: whether the end of the content was out decides what the recipients may believe, so it comes back as data.
            Fail(SessionState.Stopped, WireFault.None, "stopped");
            return Closed();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Step> HearAsync(CancellationToken stop)
    {
        var awaits = _current.Awaits;
        var heard = await wire.HearAsync(_sent.Kind is SentKind.Sent ? LimitOf(awaits) : LastWords, stop).ConfigureAwait(false);
        if (heard.Result is not ReadResult.Complete)
        {
            return FailHeard(heard);
        }

        var reply = heard.Reply;
        _lastCode = reply.Code;

        // The content did not go out whole: only 421 may come at any time (RFC 5321 §3.8); anything else is early and nobody's verdict.
        if (_sent.Kind is not SentKind.Sent && awaits is SmtpCommand.Dot && reply.Code is not 421)
        {
            return FailSent($"; it had said {reply.Code} {_text.Of(reply)}");
        }

        // 503 to MAIL behind another message says that the server never saw it that way, and nothing about this message.
        if (awaits is SmtpCommand.Mail && _current.IsGlued && reply.Code is 503)
        {
            return Fail(SessionState.Malformed, WireFault.None, "503 to MAIL behind another message");
        }

        var isWorthText = reply.Severity is Severity.Transient or Severity.Permanent || awaits is SmtpCommand.Dot;
        return _current.Accept(reply, isWorthText ? _text.Of(reply) : null);
    }

    // After a loss what the server said before may still be read.
    private Step After(Sent sent)
    {
        _sent = sent;
        return sent.Kind switch
        {
            SentKind.Unclean => Fail(SessionState.Unclean, WireFault.None, "a bare CR or LF, a NUL, or a control octet in an address: not sent"),
            SentKind.Unreadable => Fail(SessionState.Unreadable, WireFault.None, sent.Remark!),
            _ => Step.Await,
        };
    }

    private Step FailSent(string lastWords) => _sent.Kind is SentKind.Early
        ? Fail(SessionState.Malformed, WireFault.None, $"the server spoke before it was its turn{lastWords}")
        : Fail(SessionState.Broken, _sent.Fault, $"the server closed while we were sending{lastWords}");

    private Step FailHeard(in Heard heard)
    {
        if (_sent.Kind is not SentKind.Sent)
        {
            return FailSent(string.Empty);
        }

        return heard.Result is ReadResult.Malformed
            ? Fail(SessionState.Malformed, WireFault.None, "what the server sent is no reply")
            : Fail(SessionState.Broken, heard.Fault, $"waiting for the reply: {heard.Fault}");
    }

    private Transit? TakeNext()
    {
        if (!MayGlue || !_provider!.TryTake(out var job, out var verdicts))
        {
            return null;
        }

        _next.Begin(job, verdicts, IsChunked);
        HasNext = true;
        return IsTakable(job) ? _next : null;
    }

    private TimeSpan LimitOf(SmtpCommand awaits) => awaits switch
    {
        SmtpCommand.Mail => settings.Timeouts.Mail,
        SmtpCommand.Rcpt => settings.Timeouts.Rcpt,
        SmtpCommand.Data => settings.Timeouts.Data,
        _ => settings.Timeouts.Dot,
    };

    private bool IsTakable(in SmtpJob job) => !LacksUtf8(job) && !LacksRequireTls(job) && !IsTooLarge(job);

    // Mail with the null sender has nobody to go back to: it goes on all the same. RFC 8689 §5.
    private bool LacksRequireTls(in SmtpJob job) => job.Needs.HasFlag(BodyNeeds.RequireTls) && !job.Sender.IsEmpty && !offer.Has(Extensions.RequireTls);

    private bool LacksUtf8(in SmtpJob job) => job.Needs.HasFlag(BodyNeeds.SmtpUtf8) && !offer.Has(Extensions.SmtpUtf8);

    private bool IsTooLarge(in SmtpJob job) => offer.MaxSize > 0 && ContentWriter.SizeOf(job) > offer.MaxSize;

    private SendResult NotTaken()
    {
        if (LacksUtf8(_current.Job))
        {
            return new SendResult(SessionState.NeedsSmtpUtf8, SmtpCommand.None, WireFault.None, "SMTPUTF8 is needed, and the server does not offer it", false);
        }

        if (LacksRequireTls(_current.Job))
        {
            return new SendResult(SessionState.NeedsRequireTls, SmtpCommand.None, WireFault.None, "REQUIRETLS is needed, and the server does not offer it", false);
        }

        var text = $"the message has {ContentWriter.SizeOf(_current.Job)} octets, the server takes {offer.MaxSize}";
        _current.Verdicts.Span.Fill(new Verdict(552, new EnhancedCode(5, 3, 4), SmtpCommand.Mail, text));
        return new SendResult(SessionState.Reusable, SmtpCommand.None, WireFault.None, null, false);
    }

    private Step Fail(SessionState state, WireFault fault, string remark)
    {
        _failure = new SendResult(state, _current.Awaits, fault, remark, SentAsIs: false);
        return Step.Close;
    }

    private SendResult Done()
    {
        if (_isSuspected)
        {
            memory.Clear(settings.Host);
            _isSuspected = false;
        }

        var isNextOut = HasNext && _next.IsGlued;
        IsSpent = !isNextOut && (!wire.IsDrained || IsLastTransaction);
        return Finished(IsSpent ? SessionState.Closing : SessionState.Reusable);
    }

    private async ValueTask<SendResult> ResetAsync(CancellationToken stop)
    {
        // Behind a refused BDAT the state of the server is unknown (RFC 3030 §2), and an envelope is on the wire already.
        IsSpent = IsLastTransaction || !wire.IsDrained || (HasNext && _next.IsGlued) || !await IsResetAsync(stop).ConfigureAwait(false);
        return Finished(IsSpent ? SessionState.Closing : SessionState.Reusable);
    }

    private async ValueTask<bool> IsResetAsync(CancellationToken stop)
    {
        var fault = await wire.SendAsync("RSET\r\n"u8.ToArray(), ResetLimit, stop).ConfigureAwait(false);
        if (fault is not WireFault.None)
        {
            return false;
        }

        var heard = await wire.HearAsync(ResetLimit, stop).ConfigureAwait(false);
        return heard is { Result: ReadResult.Complete, Reply.Severity: Severity.Positive } && wire.IsDrained;
    }

    private SendResult Finished(SessionState state) =>
        new(state, SmtpCommand.None, WireFault.None, null, _current.Job.Needs.HasFlag(BodyNeeds.EightBit) && !offer.Has(Extensions.EightBitMime));

    private SendResult Closed()
    {
        IsSpent = true;
        if (_failure.Remark is null && _lastCode is 421)
        {
            return Finished(SessionState.Closing);
        }

        if (_failure.Remark is null)
        {
            Fail(SessionState.Malformed, WireFault.None, _current.IsChunkingRefused ? $"{_lastCode} to the BDAT it offers" : $"{_lastCode} is out of step");
        }

        Remember();
        var isUncertain = _current.IsContentOut && !_current.IsChunkingRefused;
        return _failure with { State = isUncertain ? SessionState.Uncertain : _failure.State };
    }

    // Which of the host's offers was being taken up when it went wrong. Proof is a reply that cannot be; a loss is only a suspicion.
    private void Remember()
    {
        var suspects = (_current.IsGlued || (HasNext && _next.IsGlued) ? HostFaults.Gluing : HostFaults.None)
            | (_current.IsChunked && _current.IsContentOut ? HostFaults.Chunking : HostFaults.None)
            | (IsPipelined && !_current.IsGlued && !_current.IsContentOut ? HostFaults.Pipelining : HostFaults.None);

        if (_failure.State is SessionState.Malformed)
        {
            memory.Learn(settings.Host, _current.IsChunkingRefused ? HostFaults.Chunking : suspects);
        }
        else if (_failure.State is SessionState.Broken)
        {
            memory.Suspect(settings.Host, suspects);
        }
    }
}
