namespace Engine.Feedback.Reading;

/// <summary>Tells from the words of a bounce which command was refused.</summary>
internal static class StageSigns
{
    // The words, and what they say; the first in the text counts. Sources: Postfix smtp_proto.c, Exim smtp transport, Sendmail usersmtp.c, qmail-remote.c, DragonFly net.c, Courier, m-FILTER, GMX, Yahoo.
    private static readonly (string Words, Stage Stage)[] Signs =
    [
        ("in reply to RCPT", Stage.Rcpt),
        ("in reply to end of DATA", Stage.Content),
        ("in reply to DATA", Stage.Content),
        ("in reply to MAIL", Stage.Mail),
        ("in reply to HELO", Stage.Connection),
        ("in reply to EHLO", Stage.Connection),
        ("in reply to STARTTLS", Stage.Connection),
        ("after RCPT", Stage.Rcpt),
        ("after MAIL FROM", Stage.Mail),
        ("after end of data", Stage.Content),
        ("after DATA", Stage.Content),
        ("after pipelined DATA", Stage.Content),
        ("after initial connection", Stage.Connection),
        ("after HELO", Stage.Connection),
        ("after EHLO", Stage.Connection),
        ("like recipient", Stage.Rcpt),
        ("like sender", Stage.Mail),
        ("my name was rejected", Stage.Connection),
        ("greeted me with", Stage.Connection),
        ("but connection died", Stage.Connection),
        ("failed on DATA command", Stage.Content),
        ("failed after I sent the message", Stage.Content),
        ("like our RCPT", Stage.Rcpt),
        ("like our MAIL", Stage.Mail),
        ("like our DATA", Stage.Content),
        ("like our final DATA", Stage.Content),
        ("SMTP:RCPT", Stage.Rcpt),
        ("SMTP:DATA", Stage.Content),
        ("[RCPT_TO]", Stage.Rcpt),
        ("[MAIL_FROM]", Stage.Mail),
        ("[DATA]", Stage.Content),
        ("RCPT command", Stage.Rcpt),
        ("SMTP command DATA", Stage.Content),
        ("SMTP command RCPT", Stage.Rcpt),
        ("SMTP command MAIL", Stage.Mail),
        ("your message (DATA)", Stage.Content),
        ("your message (RCPT", Stage.Rcpt),
        ("Sent <<< RCPT", Stage.Rcpt),
        ("Sent <<< DATA", Stage.Content),
        ("Sent <<< MAIL", Stage.Mail),
        ("RCPT TO not accepted", Stage.Rcpt),
        ("server has rejected address", Stage.Rcpt),
        ("transmission failure has occurred", Stage.Content),
    ];

    private static readonly WordSet All = new([.. Signs.Select(static sign => sign.Words)]);

    /// <summary>What was refused.</summary>
    /// <param name="text">Words of one recipient.</param>
    public static Stage Of(ReadOnlySpan<char> text)
    {
        if (Dialogue(text) is not Stage.Unknown and var told)
        {
            return told;
        }

        var at = All.FirstIn(text);
        if (at < 0)
        {
            return Stage.Unknown;
        }

        text = text[at..];
        foreach (var (words, stage) in Signs)
        {
            if (text.StartsWith(words, StringComparison.OrdinalIgnoreCase))
            {
                return stage;
            }
        }

        return Stage.Unknown;
    }

    // Sendmail's transcript: ">>> command" and "<<< reply". With pipelining DATA is out before the reply to RCPT comes; "Need RCPT" tells.
    private static Stage Dialogue(ReadOnlySpan<char> text)
    {
        var reply = text.IndexOf("<<< 5");
        reply = reply < 0 ? text.IndexOf("<<< 4") : reply;
        var command = reply < 0 ? -1 : text[..reply].LastIndexOf(">>> ");
        if (command < 0)
        {
            return Stage.Unknown;
        }

        if (text.Contains("Need RCPT", StringComparison.OrdinalIgnoreCase) || text.Contains("No valid recipients", StringComparison.OrdinalIgnoreCase))
        {
            return Stage.Rcpt;
        }

        var verb = text[(command + 4)..].TrimStart();
        return verb switch
        {
            _ when verb.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) => Stage.Rcpt,
            _ when verb.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase) => Stage.Mail,
            _ when verb.StartsWith("DATA", StringComparison.OrdinalIgnoreCase) || verb.StartsWith('.') => Stage.Content,
            _ when verb.StartsWith("HELO", StringComparison.OrdinalIgnoreCase) || verb.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase) || verb.StartsWith("STARTTLS", StringComparison.OrdinalIgnoreCase) => Stage.Connection,
            _ => Stage.Unknown,
        };
    }
}
