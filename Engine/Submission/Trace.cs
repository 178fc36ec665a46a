using Engine.Mail;

namespace Engine.Submission;

/// <summary>How a message came to us, for its Received field.</summary>
/// <param name="EhloName">As the client gave it, checked to be a name or literal.</param>
/// <param name="Client">Its address, as text.</param>
/// <param name="IsExtended">EHLO, not HELO.</param>
/// <param name="IsAuthenticated">A login was given.</param>
/// <param name="Tls">Null in the clear.</param>
internal sealed record Trace(string EhloName, string Client, bool IsExtended, bool IsAuthenticated, TlsSession? Tls);
