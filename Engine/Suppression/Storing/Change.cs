namespace Engine.Suppression.Storing;

/// <summary>What somebody wants of the writer: entries to add or remove, or a rotation.</summary>
/// <param name="wanted">Additions and tombstones; empty for a rotation.</param>
/// <param name="seen">The runs that were looked at.</param>
/// <param name="found">What they held, for each.</param>
/// <param name="addresses">Addresses for each; null for none at all.</param>
internal sealed class Change(StoredRecord[] wanted, Run[] seen, StoredRecord?[] found, ReadOnlyMemory<byte>[]? addresses)
{
    private readonly TaskCompletionSource<int> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoredRecord[] Wanted { get; } = wanted;

    public Run[] Seen { get; } = seen;

    public StoredRecord?[] Found { get; } = found;

    /// <summary>How many of them changed something; of a rotation, 1 when nothing is left in the table that takes changes. The writer's.</summary>
    public int Changed { get; set; }

    public bool IsRotation => Wanted.Length == 0;

    /// <summary>How many changed something, once that is stable.</summary>
    public Task<int> Done => _done.Task;

    public static Change Rotation() => new([], [], [], null);

    public ReadOnlyMemory<byte> AddressOf(int index) => addresses is null ? default : addresses[index];

    public void Complete() => _done.TrySetResult(Changed);

    public void Fail(Exception fault) => _done.TrySetException(fault);
}
