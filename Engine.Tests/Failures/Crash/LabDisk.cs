namespace Engine.Tests.Failures.Crash;

/// <summary>
/// The lab's disk: it keeps its files in memory, does one thing after the other, writes down what it did, fails when told to, and
/// loses its power at a given operation.
/// </summary>
/// <param name="image">Changed from now on.</param>
/// <param name="random">Says what a torn write leaves behind.</param>
internal sealed class LabDisk(DiskImage image, Random random)
{
    private readonly Lock _gate = new();
    private readonly List<DiskOperation> _operations = [];
    private readonly Dictionary<LabFile, byte[]> _removed = [];
    private long _calls;
    private int _powerUntil = int.MaxValue;
    private int _session;

    /// <summary>Whether operations are kept; counted they are in any case.</summary>
    public bool IsRecording { get; init; }

    public IReadOnlyList<DiskOperation> Operations => _operations;

    /// <summary>Operations done so far.</summary>
    public int Count { get; private set; }

    /// <summary>Calls so far, reads and failed ones too.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    public DiskTrouble? Trouble { get; set; }

    /// <summary>The power failed; nothing is done any more for those who had it open.</summary>
    public bool IsOff { get; private set; }

    /// <summary>A new holder of the files. What an earlier one asks for is refused.</summary>
    public MemorySpool Open()
    {
        lock (_gate)
        {
            return new MemorySpool(this, ++_session);
        }
    }

    /// <summary>The power fails after so many more operations, in the middle of the next.</summary>
    public void CutPowerIn(int operations)
    {
        lock (_gate)
        {
            _powerUntil = Count + operations;
        }
    }

    /// <summary>The power is back. Some deletions that nobody made stable did not happen.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            foreach (var (file, octets) in _removed.Where(_ => random.Next(2) == 0).ToArray())
            {
                Keep(new DiskOperation(OperationKind.Write, file) { Octets = octets });
            }

            _removed.Clear();
            (IsOff, _powerUntil) = (false, int.MaxValue);
            _session++;
        }
    }

    /// <summary>Something that changes the files.</summary>
    /// <exception cref="IOException">Trouble; part of it may have been done.</exception>
    public void Do(int session, DiskOperation operation)
    {
        lock (_gate)
        {
            var trouble = Check(session, operation.File);
            if (trouble is null && Count < _powerUntil)
            {
                Keep(operation);
                return;
            }

            KeepPart(operation);
            if (trouble is not null)
            {
                throw trouble;
            }

            IsOff = true;
            throw Off();
        }
    }

    /// <summary>Something that only asks.</summary>
    public T Ask<T>(int session, LabFile file, Func<DiskImage, T> ask)
    {
        lock (_gate)
        {
            return Check(session, file) is { } trouble ? throw trouble : ask(image);
        }
    }

    private static IOException Off() => new("the machine is off", DiskTrouble.InputOutput);

    private IOException? Check(int session, LabFile file)
    {
        if (IsOff || session != _session)
        {
            throw Off();
        }

        var call = Interlocked.Increment(ref _calls);
        return Trouble is { } trouble && trouble.Meets(call) ? trouble.Fault(file) : null;
    }

    private void KeepPart(DiskOperation operation)
    {
        var part = operation.Kind != OperationKind.Write ? null : random.Next(5) switch
        {
            0 => null,
            1 => operation,
            2 => Tear.FirstHalf(operation),
            3 => Tear.Garbage(image, operation, random),
            _ => Tear.Subset(image, operation, random),
        };
        if (part is not null)
        {
            Keep(part);
        }
    }

    private void Keep(DiskOperation operation)
    {
        Remember(operation);
        operation.ApplyTo(image);
        Count++;
        if (IsRecording)
        {
            _operations.Add(operation);
        }
    }

    private void Remember(DiskOperation operation)
    {
        if (operation.Kind == OperationKind.Remove && image.Find(operation.File) is { } octets)
        {
            _removed[operation.File] = octets;
        }
        else if (operation.Kind == OperationKind.FlushNames)
        {
            foreach (var file in _removed.Keys.Where(file => file.Generation == operation.File.Generation).ToArray())
            {
                _removed.Remove(file);
            }
        }
        else
        {
            _removed.Remove(operation.File);
        }
    }
}
