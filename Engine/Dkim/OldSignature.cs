using Engine.Mail;

namespace Engine.Dkim;

/// <summary>What a signature of ours on a stored head says of the body hash kept with it, for whoever signs the head again without its content.</summary>
internal static class OldSignature
{
    /// <summary>How the body hash was made: the second half of c= of the first signature there by one of these.</summary>
    /// <param name="head">The stored head, signatures first.</param>
    /// <param name="signers">Of the stored head: those of the client, which may stand there too, hashed as they liked.</param>
    /// <returns>Null when no signature of theirs stands there; then nobody knows, and the head cannot be signed again.</returns>
    public static Canonicalization? BodyOf(ReadOnlySpan<byte> head, IReadOnlyList<DkimIdentity> signers)
    {
        foreach (var field in new HeaderWalker(head))
        {
            if (field.Is("DKIM-Signature"u8) && DkimSignature.TryParse(field.Value, out var signature, out _) && signers.Contains(signature.Identity))
            {
                return signature.Body;
            }
        }

        return null;
    }
}
