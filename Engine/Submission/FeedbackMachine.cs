using System.Text;
using Engine.Configuration;
using Engine.Feedback.Reports;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>The dialogue of a feedback listener: takes mail for our own tokens and roles, and nothing else. RFC 5321.</summary>
/// <remarks>
/// It has no socket and no clock. "refused" is a reply of 4xx or 5xx that changes nothing:
/// <code>
/// phase       EHLO, HELO  STARTTLS  AUTH  MAIL    RCPT         DATA      BDAT  RSET   NOOP HELP VRFY  QUIT
/// Start       Ready       503       502   503     503          503       Over  Start  ok              Over
/// Ready       Ready       Start     502   Sender  503          503       Over  Ready  ok              Over
/// Sender      Ready       503       502   503     Recipients   503, 554  Over  Ready  ok              Over
/// Recipients  Ready       503       502   503     Recipients   Content   Over  Ready  ok              Over
/// </code>
/// <see cref="Finish"/> ends the content, taken or not: Ready. Twenty refusals, wrong recipients among them, end the connection with 421: nobody has a list of
/// addresses here to be cleaned. BDAT, which is not offered, ends it too: its octets must not be read as commands.
/// </remarks>
/// <param name="client">Who is connected.</param>
/// <param name="rules">In force.</param>
/// <param name="parts">Who is known.</param>
/// <param name="isTight">Whether memory for content is used up.</param>
/// <param name="limits">Counts.</param>
internal sealed class FeedbackMachine(ClientFacts client, RulesInForce rules, FeedbackParts parts, Func<bool> isTight, SubmissionLimits limits) : IServerMachine
{
    /// <summary>Recipients of one transaction: a report has one.</summary>
    public const int MaxRecipients = 10;

    private Phase _phase;
    private int _errors;
    private int _chatter;
    private bool _anyRefused;

    private enum Phase : byte
    {
        Start,
        Ready,
        Sender,
        Recipients,
        Over,
    }

    public MailDraft Draft { get; } = new();

    public string EhloName { get; private set; } = string.Empty;

    public bool IsExtended { get; private set; }

    /// <summary>Whether a handshake was made.</summary>
    public bool IsSecure { get; private set; } = client.Listener.Tls is ListenerTls.Implicit;

    public bool IsAuthenticated => false;

    public bool IsAuthenticating => false;

    public bool IsInChunks => false;

    public Reply Greeting => new(220, default, $"{rules.Value.Options.Hostname} ESMTP Engine");

    private bool OffersStartTls => client is { CanSecure: true, Listener.Tls: ListenerTls.Starttls } && !IsSecure;

    /// <summary>A bounce may return the largest message there is, with a report about it in front.</summary>
    public static long MaxSize(EngineOptions options) => options.Queue.MaxMessageSize.Octets + (1 << 20);

    public Step Take(ReadOnlySpan<byte> line)
    {
        if (line.ContainsAnyInRange((byte)0, (byte)31) || line.Contains((byte)127))
        {
            return Count(Replies.BadOctets);
        }

        var command = CommandLine.Parse(line);
        return command.Verb switch
        {
            SmtpVerb.Quit when command.Argument.IsEmpty => Close(Replies.Bye),
            SmtpVerb.Http => Close(Replies.NotHttp),
            SmtpVerb.Bdat => Close(FeedbackReplies.NoChunks),
            SmtpVerb.Data when Data(command.Argument) is var reply => reply.Code == 354 ? new Step(StepKind.ReadContent, reply) : Count(reply),
            SmtpVerb.StartTls when StartTls(command.Argument) is var reply => reply.Code == 220 ? new Step(StepKind.StartTls, reply) : Count(reply),
            _ => Count(Answer(command)),
        };
    }

    public Step TakeVerdict(string login, AuthVerdict verdict) => Close(Replies.LocalError with { Code = 421 });

    public Step TakeStanding(SuppressionReason reason) => Close(Replies.LocalError with { Code = 421 });

    public void Secured() => (IsSecure, _phase, EhloName) = (true, Phase.Start, string.Empty);

    public Step Finish(Reply reply)
    {
        _phase = Phase.Ready;
        if (!reply.IsRefusal)
        {
            (_errors, _chatter) = (0, 0);
        }

        return Count(reply);
    }

    public Step Close(Reply reply)
    {
        _phase = Phase.Over;
        return new Step(StepKind.Close, reply);
    }

    private Reply Answer(in CommandLine command) => command.Verb switch
    {
        SmtpVerb.Mail => Mail(command.Argument),
        SmtpVerb.Rcpt => Rcpt(command.Argument),
        SmtpVerb.Ehlo => Hello(command.Argument, isExtended: true),
        SmtpVerb.Helo => Hello(command.Argument, isExtended: false),
        SmtpVerb.Rset => Rset(command.Argument),
        SmtpVerb.Noop => Chat(Replies.Ok),
        SmtpVerb.Help => Chat(FeedbackReplies.Help),
        SmtpVerb.Vrfy => Chat(command.Argument.IsEmpty ? Replies.BadSyntax : Replies.CannotVerify),
        SmtpVerb.Auth or SmtpVerb.Expn => Replies.NotOffered,
        SmtpVerb.Quit => Replies.NoArgument,
        _ => Replies.Unknown,
    };

    private Reply Hello(ReadOnlySpan<byte> argument, bool isExtended)
    {
        if (!EhloReply.IsName(argument))
        {
            return Replies.BadName;
        }

        (_phase, IsExtended, EhloName) = (Phase.Ready, isExtended, Encoding.ASCII.GetString(argument));
        var options = rules.Value.Options;
        return Chat(isExtended ? EhloReply.ForFeedback(options, OffersStartTls) : new Reply(250, default, options.Hostname));
    }

    private Reply StartTls(ReadOnlySpan<byte> argument) => this switch
    {
        _ when !argument.IsEmpty => Replies.NoArgument,
        { IsSecure: true } => Replies.OutOfOrder,
        { OffersStartTls: false } => Replies.NotOffered,
        { _phase: Phase.Start } => Replies.HelloFirst,
        { _phase: Phase.Ready } => Replies.StartTls,
        _ => Replies.OutOfOrder,
    };

    // Parameters of DSN are read and mean nothing: some send them unasked.
    private Reply Mail(ReadOnlySpan<byte> argument)
    {
        if (_phase is not Phase.Ready)
        {
            return _phase is Phase.Start ? Replies.HelloFirst : Replies.OutOfOrder;
        }

        if (!PathReader.TrySplit(argument, "FROM:"u8, out var path, out var rest))
        {
            return Replies.BadSender;
        }

        if (MailParameters.Read(rest, out var parameters) is { } fault)
        {
            return fault;
        }

        if (parameters.IsTlsRequired)
        {
            return Replies.UnknownParameter;
        }

        var sender = default(Mailbox);
        if (!path.IsEmpty && !PathReader.TryMake(path, parameters.IsUtf8, out sender))
        {
            return PathReader.IsLiteral(path) ? Replies.SenderLiteral : Replies.BadSender;
        }

        if (isTight())
        {
            return Refuse(InboundRejection.Busy, Replies.NoMemory);
        }

        var inForce = rules.Value;
        if (parameters.Size > MaxSize(inForce.Options))
        {
            return Refuse(InboundRejection.Size, Replies.TooBig);
        }

        Draft.BeginInbound(inForce, sender, parameters);
        (_phase, _anyRefused) = (Phase.Sender, false);
        return Replies.SenderOk;
    }

    private Reply Rcpt(ReadOnlySpan<byte> argument)
    {
        if (_phase is not (Phase.Sender or Phase.Recipients))
        {
            return Replies.OutOfOrder;
        }

        if (!PathReader.TrySplit(argument, "TO:"u8, out var path, out var rest) || RcptParameters.Read(rest, Draft.Parameters.IsUtf8, out _) is not null)
        {
            return RefuseRecipient(InboundRejection.Syntax, Replies.BadRecipient);
        }

        if (Judge(path, out var recipient) is not InboundRejection.None and var reason)
        {
            return RefuseRecipient(reason, reason is InboundRejection.Syntax ? Replies.BadRecipient : FeedbackReplies.For(reason));
        }

        Draft.Inbound.Add(recipient);
        _phase = Phase.Recipients;
        return Replies.RecipientOk;
    }

    private InboundRejection Judge(ReadOnlySpan<byte> path, out InboundRecipient recipient)
    {
        recipient = default;
        if (Draft.Inbound.Count >= MaxRecipients)
        {
            return InboundRejection.Recipients;
        }

        if (Ascii.EqualsIgnoreCase(path, "postmaster"u8))
        {
            recipient = parts.Door.BarePostmaster();
        }
        else if (!PathReader.TryMake(path, Draft.Parameters.IsUtf8, out var address))
        {
            return InboundRejection.Syntax;
        }
        else if (parts.Door.Judge(address, out recipient) is not InboundRejection.None and var reason)
        {
            return reason;
        }

        return recipient.Kind switch
        {
            InboundKind.Token => InboundRejection.None,
            InboundKind.Postmaster or InboundKind.Abuse when Draft.Parameters.Size > FeedbackParts.MaxForwarded => InboundRejection.Size,
            _ => parts.Open.TryTake(client.Address) ? InboundRejection.None : InboundRejection.Rate,
        };
    }

    private Reply RefuseRecipient(InboundRejection reason, Reply reply)
    {
        _anyRefused = true;
        return Refuse(reason, reply);
    }

    private Reply Refuse(InboundRejection reason, Reply reply)
    {
        parts.Meter.Rejected(reason);
        return reply;
    }

    private Reply Data(ReadOnlySpan<byte> argument) => _phase switch
    {
        _ when !argument.IsEmpty => Replies.NoArgument,
        Phase.Sender => _anyRefused ? Replies.NoValidRecipient : Replies.NoRecipient,
        Phase.Recipients when isTight() => Refuse(InboundRejection.Busy, Replies.NoMemory),
        Phase.Recipients => Replies.SendContent,
        _ => Replies.OutOfOrder,
    };

    private Reply Rset(ReadOnlySpan<byte> argument)
    {
        if (!argument.IsEmpty)
        {
            return Replies.NoArgument;
        }

        _phase = _phase is Phase.Start ? Phase.Start : Phase.Ready;
        return Chat(Replies.Ok);
    }

    private Reply Chat(Reply reply)
    {
        if (++_chatter > limits.Chatter)
        {
            _errors++;
        }

        return reply;
    }

    private Step Count(Reply reply)
    {
        _errors += reply.Code >= 500 ? 1 : 0;
        return _errors < limits.Errors ? Step.Say(reply) : Close(Replies.TooManyErrors);
    }
}
