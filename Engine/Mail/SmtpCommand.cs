namespace Engine.Mail;

/// <summary>The command a reply answers. <see cref="Dot"/> is the end of the content, by DATA or BDAT LAST.</summary>
internal enum SmtpCommand : byte
{
    None,
    Connect,
    Ehlo,
    StartTls,
    Mail,
    Rcpt,
    Data,
    Dot,
    Quit,
    Auth,
}
