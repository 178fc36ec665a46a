namespace Engine.Tests.Failures.Crash;

/// <summary>What a disk will do wrong: from one call on, fail so many times.</summary>
/// <param name="At">Number of the first call that fails, counted from 1 over all calls of the disk.</param>
/// <param name="Times">Calls that fail; <see cref="int.MaxValue"/> for ever.</param>
/// <param name="Error">The system's error number.</param>
internal sealed record DiskTrouble(long At, int Times, int Error)
{
    public const int InputOutput = 5;

    public const int NoSpace = 28;

    /// <summary>Whether a call fails.</summary>
    public bool Meets(long call) => call >= At && call - At < Times;

    public IOException Fault(LabFile file) => new($"{file}: {(Error == NoSpace ? "No space left on device" : "Input/output error")}", Error);

    public override string ToString() => $"call {At}, {(Times == int.MaxValue ? "for ever" : Times)}, error {Error}";
}
