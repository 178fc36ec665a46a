using Engine.Mail;

namespace Engine.Submission;

/// <summary>The server's side of a dialogue, as <see cref="SubmissionDialogue"/> sees it: commands in, steps out, no I/O.</summary>
internal interface IServerMachine
{
    MailDraft Draft { get; }

    /// <summary>What the client called itself; empty before EHLO.</summary>
    string EhloName { get; }

    bool IsExtended { get; }

    bool IsAuthenticated { get; }

    /// <summary>Whether the next line is an AUTH response.</summary>
    bool IsAuthenticating { get; }

    /// <summary>Whether chunks are in and more may come.</summary>
    bool IsInChunks { get; }

    Reply Greeting { get; }

    /// <summary>Takes one line, without its CRLF.</summary>
    Step Take(ReadOnlySpan<byte> line);

    /// <summary>After <see cref="StepKind.Authenticate"/>.</summary>
    Step TakeVerdict(string login, AuthVerdict verdict);

    /// <summary>After <see cref="StepKind.AskSuppression"/>.</summary>
    /// <param name="reason">Why the recipient gets no mail; none when it does.</param>
    Step TakeStanding(SuppressionReason reason);

    /// <summary>After the handshake: everything said before is forgotten. RFC 3207 §4.2.</summary>
    void Secured();

    /// <summary>The content was taken or refused; either way the transaction is over.</summary>
    Step Finish(Reply reply);

    /// <summary>Ends the dialogue with this reply.</summary>
    Step Close(Reply reply);
}
