namespace Engine.Observability;

/// <summary>Whole lines of one hour on their way to the disk.</summary>
/// <param name="capacity">Octets it can hold.</param>
internal sealed class EventBlock(int capacity)
{
    private readonly byte[] _octets = new byte[capacity];

    public EventHour Hour { get; private set; }

    public int Length { get; private set; }

    public int Capacity => _octets.Length;

    public ReadOnlyMemory<byte> Written => _octets.AsMemory(0, Length);

    public bool Takes(EventHour hour, int count) => hour == Hour && Length + count <= _octets.Length;

    public void Begin(EventHour hour) => (Hour, Length) = (hour, 0);

    public void Add(ReadOnlySpan<byte> line)
    {
        line.CopyTo(_octets.AsSpan(Length));
        Length += line.Length;
    }
}
