namespace Engine.Queue.Logs;

/// <summary>An address in the spool: the generation in the top octet, the address in that generation's log below. Generation 0's are equal to the log's own.</summary>
internal static class SpoolAddress
{
    private const int Shift = 56;

    public static long Of(int generation, long local) => ((long)generation << Shift) | local;

    public static int GenerationOf(long address) => (int)(address >> Shift);

    public static long LocalOf(long address) => address & ((1L << Shift) - 1);
}
