using Engine.Mail;

namespace Engine.Queue.Spool;

/// <summary>A damaged place in a file.</summary>
/// <param name="File">Path.</param>
/// <param name="Offset">In the file.</param>
/// <param name="Length">Octets; it may go on in the next file.</param>
/// <param name="Reason">What is wrong, for people.</param>
/// <param name="MissingFrom">First sequence number lost with it.</param>
/// <param name="Missing">Frames lost with it, as far as that is known.</param>
/// <param name="Id">The message the damaged frame belongs to; default when unknown.</param>
internal sealed record Damage(string File, long Offset, long Length, string Reason, ulong MissingFrom, long Missing, MessageId Id)
{
    public override string ToString() =>
        $"{File} at octet {Offset}, {Length} octets: {Reason}"
        + (Missing > 0 ? $"; {Missing} frames lost from {MissingFrom} on" : string.Empty)
        + (Id == default ? string.Empty : $"; message {Id}");
}
