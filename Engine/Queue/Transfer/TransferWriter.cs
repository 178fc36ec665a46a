using Engine.Mail;

namespace Engine.Queue.Transfer;

/// <summary>
/// Writes an export: a POSIX tar with <c>export.json</c>, then for each message <c>ID.json</c>, <c>ID.eml</c> (first head and content) and
/// <c>ID.head-N</c> for further heads, and <c>manifest.json</c> at the end. Nothing is held but the message being written.
/// </summary>
/// <param name="target">Need not seek. Not closed.</param>
/// <param name="origin">Of the export.</param>
internal sealed class TransferWriter(Stream target, TransferOrigin origin)
{
    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private long _messages;
    private long _recipients;
    private long _octets;

    /// <summary>The first file.</summary>
    public ValueTask BeginAsync(CancellationToken stop) => FileAsync(TransferOrigin.FileName, origin.Write(), stop);

    /// <param name="message">But for its content.</param>
    /// <param name="content">Its pieces; read twice, first for the checksum.</param>
    /// <param name="stop">A file that was begun is then of no use.</param>
    /// <exception cref="QueueDamagedException">The content cannot be read, as its maker says. Nothing of the message was written.</exception>
    /// <exception cref="IOException">The target fails, or the content could be read only once. The export is of no use.</exception>
    public async ValueTask AddAsync(TransferredMessage message, IEnumerable<ReadOnlyMemory<byte>> content, CancellationToken stop)
    {
        var (length, crc) = (0L, 0U);
        foreach (var piece in content)
        {
            length += piece.Length;
            crc = Crc32C.Append(crc, piece.Span);
        }

        var (id, first) = (message.Envelope.Id, message.Heads[0].Octets);
        await FileAsync($"{id}.json", EnvelopeJson.Write(message, length, crc), stop).ConfigureAwait(false);
        await HeaderAsync($"{id}.eml", first.Length + length, stop).ConfigureAwait(false);
        await target.WriteAsync(first, stop).ConfigureAwait(false);
        await ContentAsync(content, stop).ConfigureAwait(false);
        await PadAsync(first.Length + length, stop).ConfigureAwait(false);
        for (var head = 1; head < message.Heads.Count; head++)
        {
            await FileAsync(HeadName(id, head), message.Heads[head].Octets, stop).ConfigureAwait(false);
        }

        _messages++;
        _recipients += message.States.Count;
        _octets += length + message.Heads.Sum(static head => (long)head.Octets.Length);
    }

    /// <summary>The manifest and the end of the tar.</summary>
    /// <param name="inFlight">Recipients left out because they were being delivered.</param>
    /// <param name="unreadable">Messages left out because they are damaged.</param>
    /// <param name="stop">Without it the export is cut.</param>
    public async ValueTask<TransferManifest> FinishAsync(long inFlight, long unreadable, CancellationToken stop)
    {
        var manifest = new TransferManifest(origin.Export, _messages, _recipients, _octets, inFlight, unreadable);
        await FileAsync(TransferManifest.FileName, manifest.Write(), stop).ConfigureAwait(false);
        Array.Clear(_block);
        await target.WriteAsync(_block, stop).ConfigureAwait(false);
        await target.WriteAsync(_block, stop).ConfigureAwait(false);
        return manifest;
    }

    public static string HeadName(MessageId id, int head) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id}.head-{head}");

    private async ValueTask ContentAsync(IEnumerable<ReadOnlyMemory<byte>> content, CancellationToken stop)
    {
        try
        {
            foreach (var piece in content)
            {
                await target.WriteAsync(piece, stop).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is QueueDamagedException or InvalidDataException)
        {
            throw new IOException($"a message changed while it was exported: {fault.Message}", fault);
        }
    }

    private async ValueTask FileAsync(string name, ReadOnlyMemory<byte> octets, CancellationToken stop)
    {
        await HeaderAsync(name, octets.Length, stop).ConfigureAwait(false);
        await target.WriteAsync(octets, stop).ConfigureAwait(false);
        await PadAsync(octets.Length, stop).ConfigureAwait(false);
    }

    private ValueTask HeaderAsync(string name, long length, CancellationToken stop)
    {
        new TarHeader(name, length, origin.Made).WriteTo(_block);
        return target.WriteAsync(_block, stop);
    }

    private ValueTask PadAsync(long length, CancellationToken stop)
    {
        Array.Clear(_block);
        return target.WriteAsync(_block.AsMemory(0, TarHeader.PaddingOf(length)), stop);
    }
}
