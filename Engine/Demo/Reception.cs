using System.Net;

namespace Engine.Demo;

/// <summary>A message as a receiver took it.</summary>
/// <param name="Number">From the number field; 0 when it has none.</param>
/// <param name="EngineId">The id in the topmost Received field, empty when there is none: tells two submissions of one number apart.</param>
/// <param name="Sender">MAIL FROM.</param>
/// <param name="Recipients">RCPT TO, those accepted.</param>
/// <param name="TlsVersion">For example <c>1.3</c>; null in the clear.</param>
/// <param name="Source">Where the connection came from.</param>
/// <param name="Content">As it was sent, without dots of transparency. Borrowed until the taking returns.</param>
internal sealed record Reception(
    long Number,
    string EngineId,
    string Sender,
    IReadOnlyList<string> Recipients,
    string? TlsVersion,
    IPAddress Source,
    ReadOnlyMemory<byte> Content);
