using System.Buffers;

namespace Engine.Queue.Transfer;

/// <summary>Joins pieces of memory to one sequence.</summary>
internal sealed class OctetChain
{
    private readonly Link _first;
    private Link _last;

    public OctetChain(ReadOnlyMemory<byte> first) => _first = _last = new Link(first, 0);

    public ReadOnlySequence<byte> Sequence => new(_first, 0, _last, _last.Memory.Length);

    public void Add(ReadOnlyMemory<byte> octets) => _last = _last.Append(octets);

    private sealed class Link : ReadOnlySequenceSegment<byte>
    {
        public Link(ReadOnlyMemory<byte> octets, long before)
        {
            Memory = octets;
            RunningIndex = before;
        }

        public Link Append(ReadOnlyMemory<byte> octets)
        {
            var link = new Link(octets, RunningIndex + Memory.Length);
            Next = link;
            return link;
        }
    }
}
