namespace Engine.Configuration;

/// <summary>An amount of octets. Written <c>"64KiB"</c>, <c>"25MiB"</c>, <c>"1GiB"</c> or a bare number of octets.</summary>
internal readonly record struct ByteSize(long Octets)
{
    public static ByteSize KiB(long count) => new(count << 10);

    public static ByteSize MiB(long count) => new(count << 20);

    public static ByteSize GiB(long count) => new(count << 30);

    public override string ToString() => Octets switch
    {
        > 0 when Octets % (1L << 30) == 0 => $"{Octets >> 30}GiB",
        > 0 when Octets % (1L << 20) == 0 => $"{Octets >> 20}MiB",
        > 0 when Octets % (1L << 10) == 0 => $"{Octets >> 10}KiB",
        _ => $"{Octets}B",
    };
}
