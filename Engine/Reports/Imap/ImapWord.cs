namespace Engine.Reports.Imap;

/// <summary>A part of a command. Its text is never shown: it may be a password.</summary>
/// <param name="Text">The words.</param>
/// <param name="IsString">To be quoted or sent as a literal; else it goes as it stands, ASCII without line ends.</param>
internal sealed record ImapWord(string Text, bool IsString = false)
{
    public override string ToString() => nameof(ImapWord);
}
