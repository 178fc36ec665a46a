using System.Buffers.Text;
using System.Text;

namespace Engine.Demo;

/// <summary>The receiver's side of an SMTP session, without a socket: takes what came, writes replies, says what is to be done.</summary>
/// <remarks>
/// It is a peer for tests and demos, not a mail server: paths stand in angle brackets and are taken as they are, parameters but SIZE are
/// passed over. Not thread-safe.
/// </remarks>
internal sealed class ReceiverDialogue(ReceiverScript script, RecipientDesk desk)
{
    private const int MaxLine = 4_096;

    private readonly ContentIntake _content = new(script.MaxSize);
    private readonly List<string> _recipients = [];
    private string? _sender;
    private int _messages;
    private bool _isSecure;
    private bool _awaitsLogin;
    private bool _isChunkRefused;

    public ReceiverReplies Replies { get; } = new(script);

    /// <summary>MAIL FROM; empty for the null path.</summary>
    public string Sender => _sender ?? string.Empty;

    /// <summary>Those accepted. Valid until <see cref="Answer"/>.</summary>
    public IReadOnlyList<string> Recipients => _recipients;

    /// <summary>The message without its dots. Valid until <see cref="Answer"/>.</summary>
    public ReadOnlyMemory<byte> Content => _content.Written;

    /// <summary>Whether the message must be refused, whatever the script says.</summary>
    public bool IsTooLarge => _content.IsTooLarge;

    public void Greet() => Replies.SayPlain($"220 {script.Hostname} ESMTP");

    /// <summary>Goes on until it needs something.</summary>
    /// <param name="input">What came and was not consumed yet.</param>
    /// <param name="consumed">Octets done with.</param>
    public ReceiverStep Advance(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        var step = ReceiverStep.Advance;
        while (step is ReceiverStep.Advance)
        {
            step = _content.IsOpen ? OnContent(input[consumed..], out var used) : OnCommands(input[consumed..], out used);
            consumed += used;
        }

        return step;
    }

    /// <summary>Answers the content, and is ready for the next message. Says nothing where the connection is to break.</summary>
    public void Answer(ContentFate fate)
    {
        if (IsTooLarge)
        {
            Replies.Say("552 5.3.4 Message too big"u8);
        }
        else if (fate is ContentFate.Take)
        {
            Replies.Say("250 2.0.0 Taken"u8);
        }
        else if (fate is ContentFate.Defer)
        {
            Replies.Say("451 4.3.0 Try again later"u8);
        }

        _messages++;
        Reset();
    }

    /// <summary>TLS is on: forgets everything said before. RFC 3207 §4.2.</summary>
    public void Secured()
    {
        _isSecure = true;
        Reset();
    }

    private ReceiverStep OnContent(ReadOnlySpan<byte> input, out int used)
    {
        if (!_content.Advance(input, out used))
        {
            return ReceiverStep.NeedMore;
        }

        if (_isChunkRefused)
        {
            Reset();
            return Say("503 5.5.1 No recipients"u8);
        }

        return _content.IsLast ? ReceiverStep.Content : Say("250 2.0.0 Chunk taken"u8);
    }

    private ReceiverStep OnCommands(ReadOnlySpan<byte> input, out int used)
    {
        used = input.IndexOf((byte)'\n') + 1;
        return used switch
        {
            > 0 => OnCommand(input[..used].TrimEnd("\r\n"u8)),
            _ when input.Length > MaxLine => ReceiverStep.Close,
            _ => ReceiverStep.NeedMore,
        };
    }

    private ReceiverStep OnCommand(ReadOnlySpan<byte> line)
    {
        if (_awaitsLogin)
        {
            _awaitsLogin = false;
            return Say("235 2.7.0 Welcome"u8);
        }

        Span<char> verb = stackalloc char[4];
        Ascii.ToUpper(line[..Math.Min(4, line.Length)], verb, out _);
        return verb switch
        {
            "MAIL" => OnMail(line),
            "RCPT" => OnRcpt(line),
            "DATA" => OnData(),
            "BDAT" => OnChunk(line),
            "EHLO" or "HELO" => OnHello(isExtended: verb[0] == 'E'),
            "RSET" => OnReset(),
            "NOOP" => Say("250 2.0.0 Ok"u8),
            "AUTH" => OnLogin(line),
            "STAR" => OnStartTls(),
            "QUIT" => OnQuit(),
            _ => Say("500 5.5.2 Not understood"u8),
        };
    }

    private ReceiverStep OnHello(bool isExtended)
    {
        Reset();
        if (isExtended)
        {
            Replies.Greet(_isSecure);
        }
        else
        {
            Replies.SayPlain($"250 {script.Hostname}");
        }

        return ReceiverStep.Advance;
    }

    private ReceiverStep OnMail(ReadOnlySpan<byte> line)
    {
        if (script.MessagesPerConnection > 0 && _messages >= script.MessagesPerConnection)
        {
            Replies.Say("421 4.7.0 Too many messages in this session"u8);
            return ReceiverStep.Close;
        }

        if (_sender is not null)
        {
            return Say("503 5.5.1 Sender already given"u8);
        }

        if (SizeOf(line) > script.MaxSize)
        {
            return Say("552 5.3.4 Message too big"u8);
        }

        _sender = PathOf(line);
        return _sender is null ? Say("501 5.1.7 Bad sender"u8) : Say("250 2.1.0 Ok"u8);
    }

    private ReceiverStep OnRcpt(ReadOnlySpan<byte> line)
    {
        if (_sender is null || PathOf(line) is not { Length: > 0 } recipient)
        {
            return _sender is null ? Say("503 5.5.1 MAIL first"u8) : Say("501 5.1.3 Bad recipient"u8);
        }

        switch (desk.Judge(_sender, recipient))
        {
            case RecipientVerdict.Refuse:
                return Say("550 5.1.1 No such user"u8);
            case RecipientVerdict.Defer:
                return Say("451 4.7.1 Greylisted, try again in 2 seconds"u8);
            default:
                _recipients.Add(recipient);
                return Say("250 2.1.5 Ok"u8);
        }
    }

    private ReceiverStep OnData()
    {
        if (_recipients.Count == 0)
        {
            return Say("503 5.5.1 No recipients"u8);
        }

        _content.OpenDots();
        Replies.SayPlain("354 Go on");
        return ReceiverStep.Advance;
    }

    // RFC 3030 §2: the octets follow whatever the answer will be.
    private ReceiverStep OnChunk(ReadOnlySpan<byte> line)
    {
        var words = line.Length > 5 ? line[5..] : default;
        if (!Utf8Parser.TryParse(words, out long size, out var used) || size < 0)
        {
            return ReceiverStep.Close;
        }

        var isLast = Ascii.EqualsIgnoreCase(words[used..].Trim((byte)' '), "LAST"u8);
        _isChunkRefused = _recipients.Count == 0;
        _content.OpenChunk(size, isLast);
        return ReceiverStep.Advance;
    }

    private ReceiverStep OnReset()
    {
        Reset();
        return Say("250 2.0.0 Ok"u8);
    }

    private ReceiverStep OnLogin(ReadOnlySpan<byte> line)
    {
        if (!script.Offers.HasFlag(ReceiverOffers.AuthPlain) || !Ascii.EqualsIgnoreCase(line[..Math.Min(10, line.Length)], "AUTH PLAIN"u8))
        {
            return Say("504 5.5.4 Not offered"u8);
        }

        if (line.Length > 11)
        {
            return Say("235 2.7.0 Welcome"u8);
        }

        _awaitsLogin = true;
        Replies.SayPlain("334 ");
        return ReceiverStep.Advance;
    }

    private ReceiverStep OnStartTls()
    {
        if (_isSecure || script.Certificate is null || !script.Offers.HasFlag(ReceiverOffers.StartTls))
        {
            return Say("502 5.5.1 Not offered"u8);
        }

        Replies.Say("220 2.0.0 Go on"u8);
        return ReceiverStep.StartTls;
    }

    private ReceiverStep OnQuit()
    {
        Replies.Say("221 2.0.0 Bye"u8);
        return ReceiverStep.Close;
    }

    private ReceiverStep Say(ReadOnlySpan<byte> line)
    {
        Replies.Say(line);
        return ReceiverStep.Advance;
    }

    private void Reset()
    {
        _sender = null;
        _recipients.Clear();
        _content.Reset();
        _isChunkRefused = false;
    }

    // What stands between the angle brackets; null when there are none.
    private static string? PathOf(ReadOnlySpan<byte> line)
    {
        var open = line.IndexOf((byte)'<');
        var length = open < 0 ? -1 : line[open..].IndexOf((byte)'>');
        return length < 0 ? null : Encoding.UTF8.GetString(line.Slice(open + 1, length - 1));
    }

    private static long SizeOf(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf(" SIZE="u8);
        return at >= 0 && Utf8Parser.TryParse(line[(at + 6)..], out long size, out _) ? size : 0;
    }
}
