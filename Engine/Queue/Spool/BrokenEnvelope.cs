using System.Text;
using Engine.Queue.Frames;

namespace Engine.Queue.Spool;

/// <summary>Reads what it can of a damaged message frame, for the list of what was lost. Nothing is sent to what it finds.</summary>
internal static class BrokenEnvelope
{
    /// <summary>Addresses as they stand there; empty when nothing makes sense.</summary>
    public static IReadOnlyList<string> RecipientsOf(ReadOnlySpan<byte> payload)
    {
        try
        {
            var layout = MessageLayout.Read(payload);
            var inline = payload[(MessageLayout.Size + (layout.Parts * MessageLayout.PartSize))..];
            var view = new EnvelopeView(inline[..Math.Min(layout.Envelope, inline.Length)].ToArray());
            var addresses = new List<string>();
            for (var recipient = 0; recipient < view.Recipients; recipient++)
            {
                addresses.Add(Encoding.UTF8.GetString(view.AddressOf(recipient).Span));
            }

            return addresses;
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            return [];
        }
    }
}
