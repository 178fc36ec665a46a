using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Engine.Mail;

namespace Engine.Queue.Transfer;

/// <summary>
/// Reads what <see cref="TransferWriter"/> wrote and checks every octet: names, order, lengths, checksums, counts, the end. Any difference is
/// a <see cref="TransferDamagedException"/> that names the place. Memory is bounded by the message being read; a length that is claimed
/// is not believed until the octets have come.
/// </summary>
/// <param name="source">Need not seek. Not closed.</param>
internal sealed class TransferReader(Stream source)
{
    /// <summary>Octets of a head; ours have 16 KiB.</summary>
    public const int MaxHead = 16 << 20;

    /// <summary>Octets of a content: the most that <c>queue.maxMessageSize</c> can be.</summary>
    public const long MaxContent = 1L << 30;

    private const int MaxJson = 64 << 20;
    private const int Piece = 1 << 20;

    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private long _at;
    private long _messages;
    private long _recipients;
    private long _octets;
    private string _entry = "the beginning";

    /// <summary>Set once the first file was read.</summary>
    public TransferOrigin? Origin { get; private set; }

    /// <summary>Set once everything was read and fits it.</summary>
    public TransferManifest? Manifest { get; private set; }

    /// <summary>The first file alone.</summary>
    public async ValueTask<TransferOrigin> BeginAsync(CancellationToken stop)
    {
        var header = await NextAsync(stop).ConfigureAwait(false);
        if (header.Name != TransferOrigin.FileName)
        {
            throw Damaged($"'{header.Name}' stands where {TransferOrigin.FileName} must: this is no export of an engine");
        }

        var octets = await FileAsync(header, MaxJson, stop).ConfigureAwait(false);
        return Origin = Parsed(octets, TransferOrigin.Read);
    }

    /// <summary>All messages. The caller disposes each.</summary>
    /// <exception cref="TransferDamagedException">The file is cut, damaged or none of ours.</exception>
    public async IAsyncEnumerable<ArrivedMessage> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        if (Origin is null)
        {
            await BeginAsync(stop).ConfigureAwait(false);
        }

        while (true)
        {
            var header = await NextAsync(stop).ConfigureAwait(false);
            var octets = await FileAsync(header, MaxJson, stop).ConfigureAwait(false);
            if (header.Name == TransferManifest.FileName)
            {
                await EndAsync(Parsed(octets, TransferManifest.Read), stop).ConfigureAwait(false);
                yield break;
            }

            yield return await MessageAsync(header.Name, Parsed(octets, EnvelopeJsonReader.Read), stop).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller of ReadAsync disposes it.")]
    private async ValueTask<ArrivedMessage> MessageAsync(string name, DescribedMessage described, CancellationToken stop)
    {
        var message = described.Message;
        var id = message.Envelope.Id;
        if (name != $"{id}.json")
        {
            throw Damaged($"it describes message {id}");
        }

        var rented = new List<byte[]>();
        try
        {
            var heads = new MessageHead[message.Heads.Count];
            var mail = await NextAsync($"{id}.eml", described.Heads[0].Length + described.Content.Length, stop).ConfigureAwait(false);
            heads[0] = message.Heads[0] with { Octets = await OctetsAsync(described.Heads[0], stop).ConfigureAwait(false) };
            var content = await ContentAsync(described.Content, rented, stop).ConfigureAwait(false);
            await PaddingAsync(mail.Size, stop).ConfigureAwait(false);
            for (var head = 1; head < heads.Length; head++)
            {
                await NextAsync(TransferWriter.HeadName(id, head), described.Heads[head].Length, stop).ConfigureAwait(false);
                heads[head] = message.Heads[head] with { Octets = await OctetsAsync(described.Heads[head], stop).ConfigureAwait(false) };
                await PaddingAsync(described.Heads[head].Length, stop).ConfigureAwait(false);
            }

            var arrived = new ArrivedMessage(message with { Heads = heads }, content, rented);
            _messages++;
            _recipients += message.States.Count;
            _octets += arrived.Size;
            return arrived;
        }
        catch
        {
            rented.ForEach(static octets => ArrayPool<byte>.Shared.Return(octets));
            throw;
        }
    }

    private async ValueTask EndAsync(TransferManifest manifest, CancellationToken stop)
    {
        if (manifest.Export != Origin!.Export || manifest.Messages != _messages || manifest.Recipients != _recipients || manifest.Octets != _octets)
        {
            throw Damaged($"it counts {manifest.Messages} messages, {manifest.Recipients} recipients and {manifest.Octets} octets; {_messages}, {_recipients} and {_octets} stand before it");
        }

        _entry = "the end";
        for (var block = 0; block < 2; block++)
        {
            await FillAsync(_block, stop).ConfigureAwait(false);
            if (_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                throw Damaged("something follows the manifest");
            }
        }

        Manifest = manifest;
    }

    private async ValueTask<TarHeader> NextAsync(CancellationToken stop)
    {
        await FillAsync(_block, stop).ConfigureAwait(false);
        if (!_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            throw Damaged("the tar ends before its manifest: it was cut, or put together from pieces");
        }

        if (TarHeader.Read(_block, out var header) is { } reason)
        {
            throw Damaged(reason);
        }

        _entry = header.Name;
        return header;
    }

    private async ValueTask<TarHeader> NextAsync(string name, long length, CancellationToken stop)
    {
        var header = await NextAsync(stop).ConfigureAwait(false);
        return header.Name == name && header.Size == length ? header : throw Damaged($"{header.Size} octets of '{header.Name}' stand where {length} of '{name}' must");
    }

    private async ValueTask<ReadOnlyMemory<byte>> FileAsync(TarHeader header, int most, CancellationToken stop)
    {
        if (header.Size > most)
        {
            throw Damaged($"{header.Size} octets are too many");
        }

        var octets = await GrowAsync((int)header.Size, stop).ConfigureAwait(false);
        await PaddingAsync(header.Size, stop).ConfigureAwait(false);
        return octets;
    }

    private async ValueTask<ReadOnlyMemory<byte>> OctetsAsync(DescribedOctets described, CancellationToken stop)
    {
        var octets = await GrowAsync((int)described.Length, stop).ConfigureAwait(false);
        return Crc32C.Of(octets.Span) == described.Crc ? octets : throw Damaged("the checksum of a head does not fit");
    }

    // Memory grows with what has come, not with what was claimed.
    private async ValueTask<ReadOnlyMemory<byte>> GrowAsync(int length, CancellationToken stop)
    {
        var octets = new byte[Math.Min(length, Piece)];
        await FillAsync(octets, stop).ConfigureAwait(false);
        for (var filled = octets.Length; filled < length; filled = octets.Length)
        {
            Array.Resize(ref octets, (int)Math.Min(length, 2L * filled));
            await FillAsync(octets.AsMemory(filled), stop).ConfigureAwait(false);
        }

        return octets;
    }

    private async ValueTask<ReadOnlySequence<byte>> ContentAsync(DescribedOctets described, List<byte[]> rented, CancellationToken stop)
    {
        OctetChain? chain = null;
        var crc = 0U;
        for (var left = described.Length; left > 0;)
        {
            var count = (int)Math.Min(left, Piece);
            var octets = ArrayPool<byte>.Shared.Rent(count);
            rented.Add(octets);
            await FillAsync(octets.AsMemory(0, count), stop).ConfigureAwait(false);
            crc = Crc32C.Append(crc, octets.AsSpan(0, count));
            left -= count;
            if (chain is null)
            {
                chain = new OctetChain(octets.AsMemory(0, count));
            }
            else
            {
                chain.Add(octets.AsMemory(0, count));
            }
        }

        return crc == described.Crc ? chain?.Sequence ?? default : throw Damaged("the checksum of the content does not fit");
    }

    private async ValueTask PaddingAsync(long size, CancellationToken stop)
    {
        var padding = _block.AsMemory(0, TarHeader.PaddingOf(size));
        await FillAsync(padding, stop).ConfigureAwait(false);
        if (padding.Span.ContainsAnyExcept((byte)0))
        {
            throw Damaged("something stands between two files");
        }
    }

    private async ValueTask FillAsync(Memory<byte> target, CancellationToken stop)
    {
        var read = await source.ReadAtLeastAsync(target, target.Length, throwOnEndOfStream: false, stop).ConfigureAwait(false);
        _at += read;
        if (read < target.Length)
        {
            throw Damaged("the file ends here: it was cut");
        }
    }

    private T Parsed<T>(ReadOnlyMemory<byte> octets, Func<ReadOnlyMemory<byte>, T> parse)
    {
        try
        {
            return parse(octets);
        }
        catch (InvalidDataException fault)
        {
            throw Damaged(fault.Message);
        }
    }

    private TransferDamagedException Damaged(string reason) => new($"the export is not whole: octet {_at}, {_entry}: {reason}");
}
