using Engine.Mail;

namespace Engine.Delivery.Sts;

/// <summary>
/// Places to fetch in: so many at once, and few for one parent, so that nobody's hanging hosts hold all of them. Parents take turns at what comes free. Thread-safe.
/// </summary>
/// <param name="most">Places.</param>
/// <param name="mostOfParent">For one parent at once.</param>
/// <param name="mostWaiting">Waiting at once; who comes then is sent away.</param>
/// <param name="mostWaitingOfParent">Of those for one parent.</param>
internal sealed class StsPlaces(int most, int mostOfParent, int mostWaiting, int mostWaitingOfParent)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly Queue<Line> _turns = [];
    private int _taken;
    private int _waiting;

    /// <summary>Whose policy host it is, as far as its name says: the last two labels. Suffixes such as co.uk are one parent, which costs their domains some waiting and nothing else.</summary>
    public static string ParentOf(DomainName domain)
    {
        var name = domain.Name;
        var dot = name.LastIndexOf('.');
        return dot <= 0 ? name : name[(name.LastIndexOf('.', dot - 1) + 1)..];
    }

    /// <summary>Waits for a place; who gets one gives it back by <see cref="Leave"/>.</summary>
    /// <param name="parent">See <see cref="ParentOf"/>.</param>
    /// <param name="stop">Everything ends: a place given after that is not taken back.</param>
    /// <returns>False when too many wait already.</returns>
    public async ValueTask<bool> EnterAsync(string parent, CancellationToken stop)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            var line = _lines.GetValueOrDefault(parent) ?? new Line();
            if (_taken < most && line.Taken < mostOfParent)
            {
                _lines[parent] = line;
                Take(line);
                return true;
            }

            if (_waiting >= mostWaiting || line.Waiting.Count >= mostWaitingOfParent)
            {
                return false;
            }

            _lines[parent] = line;
            _waiting++;
            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Waiting.Enqueue(waiter);
            Offer(line);
        }

        await waiter.Task.WaitAsync(stop).ConfigureAwait(false);
        return true;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(string parent)
    {
        lock (_gate)
        {
            var line = _lines[parent];
            line.Taken--;
            _taken--;
            Offer(line);
            while (_taken < most && _turns.TryDequeue(out var next))
            {
                next.HasTurn = false;
                _waiting--;
                next.Waiting.Dequeue().SetResult();
                Take(next);
                Offer(next);
            }

            if (line is { Taken: 0, Waiting.Count: 0 })
            {
                _lines.Remove(parent);
            }
        }
    }

    private void Take(Line line)
    {
        line.Taken++;
        _taken++;
    }

    // A line stands among the turns once, while it has somebody waiting and may have more places.
    private void Offer(Line line)
    {
        if (!line.HasTurn && line.Waiting.Count > 0 && line.Taken < mostOfParent)
        {
            line.HasTurn = true;
            _turns.Enqueue(line);
        }
    }

    private sealed class Line
    {
        public Queue<TaskCompletionSource> Waiting { get; } = [];

        public int Taken { get; set; }

        public bool HasTurn { get; set; }
    }
}
