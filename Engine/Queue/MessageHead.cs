using Engine.Mail;

namespace Engine.Queue;

/// <summary>A header block as it goes out.</summary>
/// <param name="Octets">Header fields with CRLF, signatures and all, and the empty line that ends them.</param>
/// <param name="Signatures">Which d= and s= signed it, for events and for rewriting after a revoked selector.</param>
/// <param name="BodyHash">32 octets: the body hash, made as c= of our signature says (<c>Dkim.OldSignature</c>), so that a head can be signed again without the content. Empty when unsigned.</param>
internal sealed record MessageHead(ReadOnlyMemory<byte> Octets, IReadOnlyList<DkimIdentity> Signatures, ReadOnlyMemory<byte> BodyHash);
