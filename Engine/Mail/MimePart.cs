namespace Engine.Mail;

/// <summary>A part of a mail: where it stands, and what it says it is. Text is not copied.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Depth">0 for the mail itself.</param>
/// <param name="Head">Its header block; octets as characters.</param>
/// <param name="Body">What follows the empty line; still encoded.</param>
/// <param name="Encoding">How the body is encoded.</param>
/// <param name="Charset">In lower case; empty when not told.</param>
internal readonly record struct MimePart(MimeKind Kind, int Depth, ReadOnlyMemory<char> Head, ReadOnlyMemory<char> Body, TransferEncoding Encoding, string Charset);
