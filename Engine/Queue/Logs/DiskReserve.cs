namespace Engine.Queue.Logs;

/// <summary>
/// Octets of disk kept for a bad day: when the disk is full they are given up, so that what is sent can still be settled. Mail is
/// refused until they are there again. Thread-safe.
/// </summary>
/// <param name="directory">Where file <c>reserve</c> lies.</param>
/// <param name="size">Octets.</param>
/// <param name="givenUp">Told when it is given up.</param>
internal sealed class DiskReserve(string directory, long size, Action givenUp)
{
    /// <summary>64 MiB: about 600 000 settlements.</summary>
    public const long Usual = 64L << 20;

    private const int NoSpace = 28;
    private const int QuotaReached = 122;

    private readonly Lock _gate = new();
    private readonly string _path = Path.Join(Path.GetFullPath(directory), "reserve");

    /// <summary>Whether it has been given up and is not back.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>True when a write failed for want of room.</summary>
    public static bool IsFull(IOException fault) => fault.HResult is NoSpace or QuotaReached;

    /// <summary>Allocates it, when it is absent and there is room for twice as much.</summary>
    /// <param name="free">Octets free on the disk.</param>
    public void Keep(long free)
    {
        lock (_gate)
        {
            if (File.Exists(_path) && new FileInfo(_path).Length == size)
            {
                IsUsed = false;
                return;
            }

            if (free < size * 2)
            {
                return;
            }

            try
            {
                Allocate();
                IsUsed = false;
            }
            catch (IOException)
            {
                // Somebody else took the room meanwhile; the next time will do.
                File.Delete(_path);
            }
        }
    }

    // The length comes last: a file of full length is allocated.
    private void Allocate()
    {
        using var file = new FileStream(_path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = size });
        file.SetLength(size);
    }

    /// <summary>Gives it up. False when there is nothing to give.</summary>
    public bool GiveUp()
    {
        lock (_gate)
        {
            if (!File.Exists(_path))
            {
                return false;
            }

            File.Delete(_path);
            IsUsed = true;
        }

        givenUp();
        return true;
    }
}
