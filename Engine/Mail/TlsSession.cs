namespace Engine.Mail;

/// <summary>What a TLS handshake agreed on.</summary>
/// <param name="Version">For example <c>1.3</c>.</param>
/// <param name="Cipher">Name of the suite as registered with IANA.</param>
/// <param name="Proof">What the certificate was held against, and held.</param>
internal sealed record TlsSession(string Version, string Cipher, TlsProof Proof);
