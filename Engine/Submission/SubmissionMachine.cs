using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>The server's side of one SMTP dialogue: a command comes in, a step goes out. RFC 5321, RFC 6409.</summary>
/// <remarks>
/// It has no socket and no clock. "refused" is a reply of 4xx or 5xx that changes nothing:
/// <code>
/// phase       EHLO, HELO  STARTTLS  AUTH     MAIL         RCPT            DATA        BDAT n        BDAT n LAST  RSET   NOOP HELP VRFY  QUIT
/// Start       Ready       503       503      503          503             503         skip, 503     skip, 503    Start  ok              Over
/// Ready       Ready       Start     login    Sender       503             503         skip, 503     skip, 503    Ready  ok              Over
/// Sender      Ready       503       503      503          Recipients      503, 554    skip, 503     skip, 503    Ready  ok              Over
/// Recipients  Ready       503       503      503          Recipients      Content     Chunks        Chunks       Ready  ok              Over
/// Chunks      Ready       503       503      503          503             503         Chunks        Chunks       Ready  ok              Over
/// </code>
/// MAIL without a login where one is needed is 530. <see cref="Finish"/> ends the content, taken or not: Ready.
/// Twenty refusals (recipients' addresses and full queues not counted) end the connection with 421.
/// </remarks>
/// <param name="client">Who is connected.</param>
/// <param name="rules">In force.</param>
/// <param name="meters">What accounts may hand in.</param>
/// <param name="busy">Null while mail is taken, else why not.</param>
/// <param name="limits">Counts.</param>
internal sealed class SubmissionMachine(ClientFacts client, RulesInForce rules, AccountMeters meters, Func<string?> busy, SubmissionLimits limits) : IServerMachine
{
    private Phase _phase;
    private AuthDialogue _auth;
    private string _login = string.Empty;
    private int _errors;
    private int _chatter;
    private int _failedLogins;
    private bool _anyRefused;
    private Recipient? _asked;

    private enum Phase : byte
    {
        Start,
        Ready,
        Sender,
        Recipients,
        Chunks,
        Over,
    }

    /// <summary>The envelope; stable from DATA or BDAT to <see cref="Finish"/>.</summary>
    public MailDraft Draft { get; } = new();

    /// <summary>What the client called itself; empty before EHLO.</summary>
    public string EhloName { get; private set; } = string.Empty;

    public bool IsExtended { get; private set; }

    /// <summary>Whether a handshake was made.</summary>
    public bool IsSecure { get; private set; } = client.Listener.Tls is ListenerTls.Implicit;

    public bool IsAuthenticated => _login.Length > 0;

    /// <summary>Whether the next line is an AUTH response.</summary>
    public bool IsAuthenticating => _auth.IsOpen;

    /// <summary>Whether chunks are in and more may come.</summary>
    public bool IsInChunks => _phase is Phase.Chunks;

    public Reply Greeting => new(220, default, $"{rules.Value.Options.Hostname} ESMTP Engine");

    /// <summary>Takes one line.</summary>
    /// <param name="line">Without its CRLF.</param>
    public Step Take(ReadOnlySpan<byte> line)
    {
        if (_auth.IsOpen)
        {
            return Count(Login(_auth.Take(line, out var login), login));
        }

        if (line.ContainsAnyInRange((byte)0, (byte)31) || line.Contains((byte)127))
        {
            return Count(Step.Say(Replies.BadOctets));
        }

        var command = CommandLine.Parse(line);
        return Count(Take(command));
    }

    /// <summary>After <see cref="StepKind.Authenticate"/>.</summary>
    public Step TakeVerdict(string login, AuthVerdict verdict)
    {
        switch (verdict)
        {
            case AuthVerdict.Good:
                _login = login;
                return Step.Say(Replies.Authenticated);
            case AuthVerdict.Busy:
                return Step.Say(Replies.AuthBusy);
            default:
                return ++_failedLogins >= limits.FailedLogins ? Close(Replies.TooManyLogins) : Count(Step.Say(Replies.AuthFailed));
        }
    }

    /// <summary>After the handshake: everything the client said before is forgotten. RFC 3207 §4.2.</summary>
    public void Secured()
    {
        (IsSecure, _phase, _login, EhloName) = (true, Phase.Start, string.Empty, string.Empty);
    }

    /// <summary>A chunk that does not end the content is in.</summary>
    public static Step ChunkTaken(long octets) =>
        Step.Say(new Reply(250, new EnhancedCode(2, 0, 0), string.Create(CultureInfo.InvariantCulture, $"{octets} octets received")));

    /// <summary>The content was taken or refused; either way the transaction is over.</summary>
    public Step Finish(Reply reply)
    {
        _phase = Phase.Ready;
        if (!reply.IsRefusal)
        {
            (_errors, _chatter) = (0, 0);
        }

        return Count(Step.Say(reply));
    }

    /// <summary>Ends the dialogue with this reply.</summary>
    public Step Close(Reply reply)
    {
        _phase = Phase.Over;
        return new Step(StepKind.Close, reply);
    }

    private Step Take(in CommandLine command) => command.Verb switch
    {
        SmtpVerb.Mail => Mail(command.Argument),
        SmtpVerb.Rcpt => Rcpt(command.Argument),
        SmtpVerb.Data => Data(command.Argument),
        SmtpVerb.Bdat => Bdat(command.Argument),
        SmtpVerb.Ehlo => Hello(command.Argument, isExtended: true),
        SmtpVerb.Helo => Hello(command.Argument, isExtended: false),
        SmtpVerb.StartTls => StartTls(command.Argument),
        SmtpVerb.Auth => Auth(command.Argument),
        SmtpVerb.Rset => Rset(command.Argument),
        SmtpVerb.Noop => Chat(Replies.Ok),
        SmtpVerb.Help => Chat(Replies.Help),
        SmtpVerb.Vrfy => Chat(command.Argument.IsEmpty ? Replies.BadSyntax : Replies.CannotVerify),
        SmtpVerb.Expn => Step.Say(Replies.NotOffered),
        SmtpVerb.Quit => command.Argument.IsEmpty ? Close(Replies.Bye) : Step.Say(Replies.NoArgument),
        SmtpVerb.Http => Close(Replies.NotHttp),
        _ => Step.Say(Replies.Unknown),
    };

    private Step Hello(ReadOnlySpan<byte> argument, bool isExtended)
    {
        if (!EhloReply.IsName(argument))
        {
            return Step.Say(Replies.BadName);
        }

        (_phase, IsExtended, EhloName) = (Phase.Ready, isExtended, Encoding.ASCII.GetString(argument));
        var options = rules.Value.Options;
        return Chat(isExtended ? EhloReply.For(options, OffersStartTls, OffersAuth, offersRequireTls: IsSecure) : new Reply(250, default, options.Hostname));
    }

    private bool OffersStartTls => client is { CanSecure: true, Listener.Tls: ListenerTls.Starttls } && !IsSecure;

    private bool OffersAuth => client.Listener.NeedsAuth && (IsSecure || client.IsLoopback);

    private Step StartTls(ReadOnlySpan<byte> argument) => this switch
    {
        _ when !argument.IsEmpty => Step.Say(Replies.NoArgument),
        { IsSecure: true } => Step.Say(Replies.OutOfOrder),
        { OffersStartTls: false } => Step.Say(Replies.NotOffered),
        { _phase: Phase.Start } => Step.Say(Replies.HelloFirst),
        { _phase: Phase.Ready } => new Step(StepKind.StartTls, Replies.StartTls),
        _ => Step.Say(Replies.OutOfOrder),
    };

    private Step Auth(ReadOnlySpan<byte> argument)
    {
        if (!client.Listener.NeedsAuth)
        {
            return Step.Say(Replies.NotOffered);
        }

        if (_phase is not Phase.Ready || _login.Length > 0)
        {
            return Step.Say(_phase is Phase.Start ? Replies.HelloFirst : Replies.OutOfOrder);
        }

        return OffersAuth ? Login(_auth.Begin(argument, out var login), login) : Step.Say(Replies.EncryptionRequired);
    }

    private static Step Login(Reply? answer, GivenLogin login) =>
        answer is { } reply ? Step.Say(reply) : new Step(StepKind.Authenticate, default) { Login = login };

    private Step Mail(ReadOnlySpan<byte> argument)
    {
        if (_phase is not Phase.Ready)
        {
            return Step.Say(_phase is Phase.Start ? Replies.HelloFirst : Replies.OutOfOrder);
        }

        if (client.Listener.NeedsAuth && _login.Length == 0)
        {
            return Step.Say(OffersAuth || !OffersStartTls ? Replies.AuthRequired : Replies.StartTlsRequired);
        }

        if (!PathReader.TrySplit(argument, "FROM:"u8, out var path, out var rest))
        {
            return Step.Say(Replies.BadSender);
        }

        if ((MailParameters.Read(rest, out var parameters) ?? (parameters.IsTlsRequired && !IsSecure ? Replies.RequireTlsNeedsTls : (Reply?)null)) is { } fault)
        {
            return Step.Say(fault);
        }

        var sender = default(Mailbox);
        if (!path.IsEmpty && !PathReader.TryMake(path, parameters.IsUtf8, out sender))
        {
            return Step.Say(BadPath(path, parameters.IsUtf8, Replies.SenderLiteral, Replies.BadSender));
        }

        return Begin(sender, parameters);
    }

    private Step Begin(Mailbox sender, MailParameters parameters)
    {
        if (busy() is { } why)
        {
            return Busy(SmtpCommand.Mail, why);
        }

        var inForce = rules.Value;
        var login = _login.Length > 0 ? inForce.FindLogin(_login) : inForce.FindOpen(client.Listener.Name);
        if (login is null)
        {
            return Step.Refuse(SmtpCommand.Mail, new Refusal(RejectReason.Account, Replies.AccountGone), sender);
        }

        var refused = Admission.CheckSender(inForce, login, sender, parameters.Size) ?? (login.Account is { } account ? meters.Look(account, 0) : null);
        if (refused is { } refusal)
        {
            return Step.Refuse(SmtpCommand.Mail, refusal, sender);
        }

        Draft.Begin(inForce, login, sender, parameters);
        (_phase, _anyRefused) = (Phase.Sender, false);
        return Step.Say(Replies.SenderOk);
    }

    private Step Rcpt(ReadOnlySpan<byte> argument)
    {
        if (_phase is not (Phase.Sender or Phase.Recipients))
        {
            return Step.Say(Replies.OutOfOrder);
        }

        var step = Recipient(argument);
        _anyRefused |= step.Reply.IsRefusal;
        return step;
    }

    private Step Recipient(ReadOnlySpan<byte> argument)
    {
        var isUtf8 = Draft.Parameters.IsUtf8;
        if (!PathReader.TrySplit(argument, "TO:"u8, out var path, out var rest))
        {
            return Step.Say(Replies.BadRecipient);
        }

        if (RcptParameters.Read(rest, isUtf8, out var parameters) is { } fault)
        {
            return Step.Say(fault);
        }

        if (Draft.Recipients.Count >= Draft.Rules.Options.Queue.MaxRecipients)
        {
            return Step.Refuse(SmtpCommand.Rcpt, new Refusal(RejectReason.Recipient, Replies.TooManyRecipients));
        }

        if (Ascii.EqualsIgnoreCase(path, "postmaster"u8))
        {
            return Step.Refuse(SmtpCommand.Rcpt, new Refusal(RejectReason.Recipient, Replies.Postmaster));
        }

        if (!PathReader.TryMake(path, isUtf8, out var recipient))
        {
            return Step.Refuse(SmtpCommand.Rcpt, new Refusal(RejectReason.Recipient, BadPath(path, isUtf8, Replies.RecipientLiteral, Replies.BadRecipient)));
        }

        if (Draft.Login.Account is { Quota: not null } account && meters.Look(account, Draft.Recipients.Count + 1) is { } over)
        {
            return Step.Refuse(SmtpCommand.Rcpt, over);
        }

        _asked = new Recipient(recipient, parameters.Notify, parameters.OriginalRecipient);
        return Draft.Rules.Options.Suppression.Answer is SuppressionAnswer.Reject && Draft.Login.Account is not null
            ? new Step(StepKind.AskSuppression, default) { Rejected = recipient }
            : Add(_asked);
    }

    public Step TakeStanding(SuppressionReason reason)
    {
        _anyRefused |= reason is not SuppressionReason.None;
        return reason is SuppressionReason.None
            ? Add(_asked!)
            : Step.Refuse(SmtpCommand.Rcpt, new Refusal(RejectReason.Suppressed, Replies.Suppressed(reason)), _asked!.Address);
    }

    private Step Add(Recipient recipient)
    {
        Draft.Recipients.Add(recipient);
        _phase = Phase.Recipients;
        return Step.Say(Replies.RecipientOk);
    }

    private static Reply BadPath(ReadOnlySpan<byte> path, bool isUtf8, Reply literal, Reply other) =>
        PathReader.IsLiteral(path) ? literal
        : !isUtf8 && !Ascii.IsValid(path) && System.Text.Unicode.Utf8.IsValid(path) ? Replies.NeedsUtf8
        : other;

    private Step Data(ReadOnlySpan<byte> argument) => _phase switch
    {
        _ when !argument.IsEmpty => Step.Say(Replies.NoArgument),
        Phase.Sender => Step.Say(_anyRefused ? Replies.NoValidRecipient : Replies.NoRecipient),
        Phase.Recipients when busy() is { } why => Busy(SmtpCommand.Data, why),
        Phase.Recipients => new Step(StepKind.ReadContent, Replies.SendContent),
        _ => Step.Say(Replies.OutOfOrder),
    };

    // "BDAT 1234 LAST". The octets come whatever we answer, so a count that cannot be read ends the connection.
    private Step Bdat(ReadOnlySpan<byte> argument)
    {
        var blank = argument.IndexOf((byte)' ');
        var count = blank < 0 ? argument : argument[..blank];
        var last = blank < 0 ? default : argument[blank..].TrimStart((byte)' ');
        var isLast = Ascii.EqualsIgnoreCase(last, "LAST"u8);
        if (!Utf8Parser.TryParse(count, out long octets, out var digits) || digits != count.Length || octets < 0 || !(last.IsEmpty || isLast))
        {
            return Close(Replies.BadSyntax);
        }

        if (octets > rules.Value.Options.Queue.MaxMessageSize.Octets * 2)
        {
            return Close(Replies.TooBig) with { Reason = RejectReason.Size, Command = SmtpCommand.Data };
        }

        var step = _phase switch
        {
            Phase.Recipients when busy() is { } why => Busy(SmtpCommand.Data, why),
            Phase.Recipients or Phase.Chunks => new Step(StepKind.ReadChunk, default),
            Phase.Sender => Step.Say(_anyRefused ? Replies.NoValidRecipient : Replies.NoRecipient),
            _ => Step.Say(Replies.OutOfOrder),
        };
        if (step.Kind is not StepKind.ReadChunk)
        {
            return step with { Kind = StepKind.SkipChunk, Octets = octets };
        }

        var isFirst = _phase is Phase.Recipients;
        _phase = Phase.Chunks;
        return step with { Octets = octets, IsFirst = isFirst, IsLast = isLast };
    }

    private Step Rset(ReadOnlySpan<byte> argument)
    {
        if (!argument.IsEmpty)
        {
            return Step.Say(Replies.NoArgument);
        }

        _phase = _phase is Phase.Start ? Phase.Start : Phase.Ready;
        return Chat(Replies.Ok);
    }

    private static Step Busy(SmtpCommand command, string why) =>
        Step.Refuse(command, new Refusal(RejectReason.Busy, new Reply(452, new EnhancedCode(4, 3, 1), why)));

    private Step Chat(Reply reply)
    {
        if (++_chatter > limits.Chatter)
        {
            _errors++;
        }

        return _errors >= limits.Errors ? Close(Replies.TooManyErrors) : Step.Say(reply);
    }

    private Step Count(Step step)
    {
        if (step.Reply.Code < 500 || step.Reason is RejectReason.Recipient || step.Kind is StepKind.Close)
        {
            return step;
        }

        return ++_errors < limits.Errors ? step : Close(Replies.TooManyErrors);
    }
}
