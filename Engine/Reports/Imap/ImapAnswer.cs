namespace Engine.Reports.Imap;

/// <summary>What a command brought.</summary>
/// <param name="Trouble">Empty for OK; else what went wrong, a few words without anything secret.</param>
/// <param name="Lines">Untagged responses, each whole with its literals and without the leading <c>* </c>.</param>
internal readonly record struct ImapAnswer(string Trouble, IReadOnlyList<byte[]> Lines)
{
    public bool IsGood => Trouble.Length == 0;

    public static ImapAnswer Failed(string trouble) => new(trouble, []);
}
