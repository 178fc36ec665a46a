using System.Buffers;
using Engine.Dkim;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Submission;

/// <summary>Seals with the keys of the ring in force.</summary>
/// <param name="ring">Asked once a message, so that a reload counts from the next one on.</param>
/// <param name="work">Bounds how many signatures are made at once.</param>
internal sealed class DkimSealer(Func<KeyRing> ring, SigningWork work) : IHeadSealer
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private IReadOnlyList<SigningKey> _keys = [];
    private BodyHash? _body;
    private Canonicalization _rules;
    private byte[]? _hash;

    public Sealing Begin(DomainName headerFrom)
    {
        // A message that was given up halfway has left octets in the hash.
        if (_keys.Count > 0 && _hash is null)
        {
            _body?.Dispose();
            _body = null;
        }

        _hash = null;
        if (!ring().TryFind(headerFrom, out _keys))
        {
            return Sealing.Refused;
        }

        if (_keys.Count == 0)
        {
            return Sealing.Unsigned;
        }

        // One body hash serves all keys: c= is the same for every key of a ring, and may be another in the next.
        if (_body is null || _rules != _keys[0].Terms.Body)
        {
            _body?.Dispose();
            _rules = _keys[0].Terms.Body;
            _body = new BodyHash(_rules);
        }

        return Sealing.Signed;
    }

    public void AppendBody(ReadOnlySpan<byte> octets) => _body?.Append(octets);

    public async ValueTask<MessageHead> SealAsync(ReadOnlyMemory<byte> head, SigningTime time, CancellationToken stop)
    {
        if (_keys.Count == 0)
        {
            return new MessageHead(head, [], default);
        }

        if (_hash is null)
        {
            _hash = new byte[BodyHash.Length];
            _body!.Finish(_hash);
        }

        _output.ResetWrittenCount();
        await work.SignAsync(head[..^2], _hash, _keys, time, _output, stop).ConfigureAwait(false);
        _output.Write(head.Span);
        var signatures = new DkimIdentity[_keys.Count];
        for (var at = 0; at < signatures.Length; at++)
        {
            signatures[at] = new DkimIdentity(_keys[at].Domain.Name, _keys[at].Selector);
        }

        return new MessageHead(_output.WrittenMemory, signatures, _hash);
    }

    public void Dispose() => _body?.Dispose();
}
