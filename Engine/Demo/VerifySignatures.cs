namespace Engine.Demo;

/// <summary>Says whether a message carries as many DKIM signatures as wanted and all of them hold. Called from several threads.</summary>
/// <param name="message">The whole message, CRLF line ends.</param>
/// <param name="names">Holds the key records; see <see cref="DnsTable.Texts"/>.</param>
/// <param name="signatures">How many there must be.</param>
internal delegate bool VerifySignatures(ReadOnlyMemory<byte> message, DnsTable names, int signatures);
