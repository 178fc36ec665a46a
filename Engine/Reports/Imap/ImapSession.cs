using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Reports.Imap;

/// <summary>
/// One IMAP connection of ours: commands and their answers, and the way in. Everything the server sends is bounded: lines, literals, responses of a command, and
/// the time of each command. One command at a time. RFC 9051, RFC 3501. After trouble of the connection dispose it.
/// </summary>
internal sealed class ImapSession(Connection connection, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Untagged responses of a command that are kept; a server that says more is cut off.</summary>
    public const int MaxLines = 10_000;

    /// <summary>Octets of them.</summary>
    public const int MaxKept = 2 << 20;

    /// <summary>For a command and its whole answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly HashSet<string> KnownCodes = ["AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN", "UNAVAILABLE", "LIMIT", "ALERT"];

    private byte[] _buffer = new byte[8_192];
    private int _filled;
    private int _tag;

    /// <summary>From the connected socket to a login.</summary>
    /// <param name="host">Whose certificate is asked for: the name, or the address, that the operator wrote.</param>
    /// <param name="tls">How TLS begins.</param>
    /// <param name="login">Who we are.</param>
    /// <param name="roots">Whose certificates are good.</param>
    /// <param name="stop">Throws when cancelled.</param>
    /// <returns>What the server can do; with <see cref="ImapOpening.Trouble"/> when it came to nothing.</returns>
    public async ValueTask<ImapOpening> OpenAsync(string host, SeedTls tls, SeedLogin login, TrustedRoots roots, CancellationToken stop)
    {
        var opening = new ImapOpening(isSecured: tls is SeedTls.Implicit);
        if (tls is SeedTls.Implicit && await SecureAsync(host, roots, stop).ConfigureAwait(false) is { Length: > 0 } refused)
        {
            return Failed(opening, refused);
        }

        var (greeting, fault) = await ReadAsync(clock.GetTimestamp(), stop).ConfigureAwait(false);
        if (greeting is null)
        {
            return Failed(opening, $"no greeting: {fault}");
        }

        var step = opening.OnGreeting(Untagged(greeting));
        for (var steps = 0; step is not (ImapStep.Ready or ImapStep.Fail); steps++)
        {
            var trouble = steps > 8 ? "the server goes round in circles" : string.Empty;
            (step, trouble) = trouble.Length > 0 ? (step, trouble) : await StepAsync(opening, step, host, login, roots, stop).ConfigureAwait(false);
            if (trouble.Length > 0)
            {
                return Failed(opening, trouble);
            }
        }

        return opening;
    }

    /// <summary>Sends a command and reads its whole answer.</summary>
    /// <param name="stop">Throws when cancelled.</param>
    /// <param name="parts">What is sent: text as it stands; what is said to be a string quoted, or as a literal where quotes do not do.</param>
    public async ValueTask<ImapAnswer> AskAsync(CancellationToken stop, params IReadOnlyList<ImapWord> parts)
    {
        var began = clock.GetTimestamp();
        var tag = string.Create(CultureInfo.InvariantCulture, $"E{++_tag}");
        var line = new List<byte>(Encoding.ASCII.GetBytes($"{tag} "));
        foreach (var part in parts)
        {
            if (!part.IsString || ImapText.IsQuotable(part.Text))
            {
                line.AddRange(Encoding.ASCII.GetBytes(part.IsString ? ImapText.Quote(part.Text) : part.Text));
                continue;
            }

            var octets = Encoding.UTF8.GetBytes(part.Text);
            line.AddRange(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{{octets.Length}}}\r\n")));
            if (await GoOnAsync([.. line], tag, began, stop).ConfigureAwait(false) is { Length: > 0 } trouble)
            {
                return ImapAnswer.Failed(trouble);
            }

            line = [.. octets];
        }

        line.AddRange("\r\n"u8);
        return await SendAsync([.. line], stop).ConfigureAwait(false) is { Length: > 0 } unsent ? ImapAnswer.Failed(unsent) : await AnswerAsync(tag, began, stop).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static ImapOpening Failed(ImapOpening opening, string trouble)
    {
        opening.GiveUp(trouble);
        return opening;
    }

    private static ReadOnlySpan<byte> Untagged(byte[] line) => line.AsSpan().StartsWith("* "u8) ? line.AsSpan(2) : line;

    // A server may repeat what it was sent: of its answer to a login only a code we know is shown.
    private static string Refusal(string trouble)
    {
        var code = trouble.IndexOf('[', StringComparison.Ordinal) is >= 0 and var open && trouble.IndexOf(']', open) is > 0 and var close ? trouble[(open + 1)..close] : string.Empty;
        return KnownCodes.Contains(code) ? $"the login was refused ({code})" : "the login was refused or not answered";
    }

    private async ValueTask<(ImapStep Step, string Trouble)> StepAsync(ImapOpening opening, ImapStep step, string host, SeedLogin login, TrustedRoots roots, CancellationToken stop)
    {
        switch (step)
        {
            case ImapStep.Capability:
                var capabilities = await AskAsync(stop, new ImapWord("CAPABILITY")).ConfigureAwait(false);
                return capabilities.IsGood ? (opening.OnCapabilities(capabilities.Lines), string.Empty) : (step, capabilities.Trouble);
            case ImapStep.StartTls:
                var begun = await AskAsync(stop, new ImapWord("STARTTLS")).ConfigureAwait(false);
                var trouble = !begun.IsGood ? begun.Trouble
                    : _filled > 0 ? "the server sent something in the clear behind its answer to STARTTLS"
                    : await SecureAsync(host, roots, stop).ConfigureAwait(false);
                return trouble.Length > 0 ? (step, trouble) : (opening.OnSecured(), string.Empty);
            default:
                var answer = step switch
                {
                    ImapStep.PlainAtOnce => await AskAsync(stop, new ImapWord($"AUTHENTICATE PLAIN {login.Plain}")).ConfigureAwait(false),
                    ImapStep.Plain => await PlainAsync(login, stop).ConfigureAwait(false),
                    _ => await AskAsync(stop, new ImapWord("LOGIN "), new ImapWord(login.User, IsString: true), new ImapWord(" "), new ImapWord(login.Password, IsString: true)).ConfigureAwait(false),
                };
                return answer.IsGood ? (opening.OnLogin(), string.Empty) : (step, Refusal(answer.Trouble));
        }
    }

    private async ValueTask<ImapAnswer> PlainAsync(SeedLogin login, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        var tag = string.Create(CultureInfo.InvariantCulture, $"E{++_tag}");
        var trouble = await GoOnAsync(Encoding.ASCII.GetBytes($"{tag} AUTHENTICATE PLAIN\r\n"), tag, began, stop).ConfigureAwait(false);
        trouble = trouble.Length > 0 ? trouble : await SendAsync(Encoding.ASCII.GetBytes($"{login.Plain}\r\n"), stop).ConfigureAwait(false);
        return trouble.Length > 0 ? ImapAnswer.Failed(trouble) : await AnswerAsync(tag, began, stop).ConfigureAwait(false);
    }

    // Sends half a command and waits for "+". Empty when the rest may follow.
    private async ValueTask<string> GoOnAsync(byte[] octets, string tag, long began, CancellationToken stop)
    {
        if (await SendAsync(octets, stop).ConfigureAwait(false) is { Length: > 0 } unsent)
        {
            return unsent;
        }

        for (var lines = 0; lines < MaxLines; lines++)
        {
            var (line, fault) = await ReadAsync(began, stop).ConfigureAwait(false);
            if (line is null)
            {
                return fault;
            }

            if (line is [(byte)'+', ..])
            {
                return string.Empty;
            }

            if (!line.AsSpan().StartsWith("* "u8))
            {
                return TroubleIn(line, tag) is { Length: > 0 } refused ? refused : "the server answered before it had the whole command";
            }
        }

        return "the server says too much";
    }

    private async ValueTask<ImapAnswer> AnswerAsync(string tag, long began, CancellationToken stop)
    {
        var lines = new List<byte[]>();
        for (var kept = 0; lines.Count < MaxLines && kept < MaxKept;)
        {
            var (line, fault) = await ReadAsync(began, stop).ConfigureAwait(false);
            if (line is null)
            {
                return ImapAnswer.Failed(fault);
            }

            if (line.AsSpan().StartsWith("* "u8))
            {
                lines.Add(line[2..]);
                kept += line.Length;
            }
            else if (line is not [(byte)'+', ..])
            {
                return new ImapAnswer(TroubleIn(line, tag), lines);
            }
        }

        return ImapAnswer.Failed("the server says too much");
    }

    private static string TroubleIn(byte[] line, string tag)
    {
        var scanner = new ImapScanner(line);
        if (!scanner.Word().SequenceEqual(Encoding.ASCII.GetBytes(tag)))
        {
            return "the server answered something that was not asked";
        }

        return Ascii.EqualsIgnoreCase(scanner.Word(), "OK"u8) ? string.Empty : $"the server said: {ImapText.Shown(line.AsSpan(tag.Length).Trim(" \r\n"u8))}";
    }

    private async ValueTask<string> SecureAsync(string host, TrustedRoots roots, CancellationToken stop)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, CertificateChainPolicy = roots.Policy() };
        return await connection.SecureAsClientAsync(options, Limit, static () => TlsProof.Pkix, stop).ConfigureAwait(false) switch
        {
            WireFault.None => string.Empty,
            WireFault.TimedOut => "the TLS handshake took too long",
            _ => $"the TLS handshake failed, or the certificate is not good for {host}",
        };
    }

    private async ValueTask<string> SendAsync(byte[] octets, CancellationToken stop) =>
        await connection.SendAsync(octets, Limit, stop).ConfigureAwait(false) is WireFault.None ? string.Empty : "the connection broke";

    // One response, or null and why there is none.
    private async ValueTask<(byte[]? Line, string Fault)> ReadAsync(long began, CancellationToken stop)
    {
        while (true)
        {
            var frame = ImapFramer.Find(_buffer.AsSpan(0, _filled), out var length);
            if (frame is ImapFrame.Complete)
            {
                var line = _buffer[..length];
                _buffer.AsSpan(length, _filled - length).CopyTo(_buffer);
                _filled -= length;
                return (line, string.Empty);
            }

            var left = Limit - clock.GetElapsedTime(began);
            if (frame is ImapFrame.TooLong || left <= TimeSpan.Zero)
            {
                return (null, frame is ImapFrame.TooLong ? "the server sends longer lines or literals than we take" : "the server takes too long");
            }

            if (_filled == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var received = await connection.ReceiveAsync(_buffer.AsMemory(_filled), left, stop).ConfigureAwait(false);
            if (received.Fault is not WireFault.None)
            {
                return (null, received.Fault is WireFault.TimedOut ? "the server takes too long" : "the server closed the connection");
            }

            _filled += received.Count;
        }
    }
}
