using System.Text;

namespace Engine.Submission;

/// <summary>A command line taken apart: its verb, and what follows it. Borrowed from the line.</summary>
internal readonly ref struct CommandLine
{
    private CommandLine(SmtpVerb verb, ReadOnlySpan<byte> argument)
    {
        Verb = verb;
        Argument = argument;
    }

    public SmtpVerb Verb { get; }

    /// <summary>Without blanks at either end; a client may leave some behind a command (RFC 5321 §4.1.1).</summary>
    public ReadOnlySpan<byte> Argument { get; }

    /// <param name="line">Without its CRLF.</param>
    public static CommandLine Parse(ReadOnlySpan<byte> line)
    {
        var blank = line.IndexOf((byte)' ');
        var verb = blank < 0 ? line : line[..blank];
        return new CommandLine(VerbOf(verb), line[verb.Length..].Trim((byte)' '));
    }

    private static SmtpVerb VerbOf(ReadOnlySpan<byte> verb) => verb.Length switch
    {
        3 => Is(verb, "GET"u8) || Is(verb, "PUT"u8) ? SmtpVerb.Http : SmtpVerb.Unknown,
        4 => FourLetters(verb),
        5 or 6 or 7 => Is(verb, "PATCH"u8) || Is(verb, "DELETE"u8) || Is(verb, "OPTIONS"u8) || Is(verb, "CONNECT"u8) ? SmtpVerb.Http : SmtpVerb.Unknown,
        8 => Is(verb, "STARTTLS"u8) ? SmtpVerb.StartTls : SmtpVerb.Unknown,
        _ => SmtpVerb.Unknown,
    };

    private static SmtpVerb FourLetters(ReadOnlySpan<byte> verb)
    {
        Span<byte> upper = stackalloc byte[4];
        _ = Ascii.ToUpper(verb, upper, out _);
        return upper switch
        {
            [(byte)'M', (byte)'A', (byte)'I', (byte)'L'] => SmtpVerb.Mail,
            [(byte)'R', (byte)'C', (byte)'P', (byte)'T'] => SmtpVerb.Rcpt,
            [(byte)'D', (byte)'A', (byte)'T', (byte)'A'] => SmtpVerb.Data,
            [(byte)'B', (byte)'D', (byte)'A', (byte)'T'] => SmtpVerb.Bdat,
            [(byte)'E', (byte)'H', (byte)'L', (byte)'O'] => SmtpVerb.Ehlo,
            [(byte)'H', (byte)'E', (byte)'L', (byte)'O'] => SmtpVerb.Helo,
            [(byte)'A', (byte)'U', (byte)'T', (byte)'H'] => SmtpVerb.Auth,
            [(byte)'R', (byte)'S', (byte)'E', (byte)'T'] => SmtpVerb.Rset,
            [(byte)'N', (byte)'O', (byte)'O', (byte)'P'] => SmtpVerb.Noop,
            [(byte)'Q', (byte)'U', (byte)'I', (byte)'T'] => SmtpVerb.Quit,
            [(byte)'V', (byte)'R', (byte)'F', (byte)'Y'] => SmtpVerb.Vrfy,
            [(byte)'E', (byte)'X', (byte)'P', (byte)'N'] => SmtpVerb.Expn,
            [(byte)'H', (byte)'E', (byte)'L', (byte)'P'] => SmtpVerb.Help,
            [(byte)'P', (byte)'O', (byte)'S', (byte)'T'] or [(byte)'H', (byte)'E', (byte)'A', (byte)'D'] => SmtpVerb.Http,
            _ => SmtpVerb.Unknown,
        };
    }

    private static bool Is(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(verb, name);
}
