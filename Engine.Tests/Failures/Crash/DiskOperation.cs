namespace Engine.Tests.Failures.Crash;

/// <summary>One step of a disk, in the order in which the steps were done.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="File">To what; of a directory any file in it.</param>
internal sealed record DiskOperation(OperationKind Kind, LabFile File)
{
    /// <summary>Octets that reach the device together or not at all.</summary>
    public const int Sector = 512;

    /// <summary>Of a write, where; of a cut, the new length; of a publication, octets that were flushed before.</summary>
    public long Offset { get; init; }

    public byte[] Octets { get; init; } = [];

    /// <summary>Whether a crash behind it leaves other files than a crash before it.</summary>
    public bool IsVisible => Kind is OperationKind.Write or OperationKind.Cut or OperationKind.Remove or OperationKind.Publish;

    public void ApplyTo(DiskImage image)
    {
        switch (Kind)
        {
            case OperationKind.Write:
                image.Write(File, Offset, Octets);
                break;
            case OperationKind.Cut:
                image.Cut(File, Offset);
                break;
            case OperationKind.Remove:
                image.Remove(File);
                break;
            case OperationKind.Publish:
                image.Put(File, Octets);
                break;
            default:
                break;
        }
    }

    public override string ToString() => $"{Kind} {File} at {Offset}, {Octets.Length} octets";
}
