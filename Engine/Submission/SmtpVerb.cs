namespace Engine.Submission;

/// <summary>The commands a client may say.</summary>
internal enum SmtpVerb : byte
{
    /// <summary>None we know.</summary>
    Unknown,

    /// <summary>The start of an HTTP request: somebody aims a browser at us, and the rest would be commands of his choice.</summary>
    Http,
    Ehlo,
    Helo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Expn,
    Help,
    Quit,
}
