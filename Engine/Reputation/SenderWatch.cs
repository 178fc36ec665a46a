using Engine.Configuration;
using Engine.Reputation.Brakes;
using Engine.Reputation.Score;

namespace Engine.Reputation;

/// <summary>
/// Brakes and score behind one lock: a delivered recipient costs two or three look-ups. What the brakes decide is told on the thread of the news, outside the lock. Any thread.
/// </summary>
/// <param name="brakes">Configuration.</param>
/// <param name="score">Configuration.</param>
internal sealed class SenderWatch(BrakesOptions brakes, ScoreOptions score) : ISenderWatch
{
    private readonly Lock _gate = new();
    private readonly BrakeMachine _brakes = new(brakes);
    private readonly SenderScore _score = new(score);
    private readonly List<BrakeDecision> _decisions = [];

    /// <summary>A brake decided. Must not block: the news of all senders wait for it.</summary>
    public event Action<BrakeDecision>? Decided;

    public void Load(BrakesOptions brakes, ScoreOptions score)
    {
        lock (_gate)
        {
            _brakes.Load(brakes);
            _score.Load(score);
        }
    }

    public void Heard(in SenderNews news)
    {
        BrakeDecision[] decided;
        lock (_gate)
        {
            _score.Hear(news);
            _brakes.Hear(news, _decisions);
            if (_decisions.Count == 0)
            {
                return;
            }

            decided = [.. _decisions];
            _decisions.Clear();
        }

        foreach (var decision in decided)
        {
            Decided?.Invoke(decision);
        }
    }

    /// <summary>What scores ask for now; each counts as done.</summary>
    public IReadOnlyList<ScoreDecision> Judge(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _score.Judge(now);
        }
    }

    /// <summary>An operator ended a pause: see <see cref="BrakeMachine.Resume"/>.</summary>
    public void Resume(string account, BrakeSubjectKind kind, string name)
    {
        lock (_gate)
        {
            _brakes.Resume(account, kind, name);
        }
    }

    /// <summary>An operator undid what a score brought about: see <see cref="SenderScore.Undone"/>.</summary>
    public void Undone(string account, DateTimeOffset now)
    {
        lock (_gate)
        {
            _score.Undone(account, now);
        }
    }

    public IReadOnlyList<BrakeReport> Brakes(DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _brakes.Report(now)];
        }
    }

    public ScoreReport? ScoreOf(ScoreSubject subject, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _score.Of(subject, now);
        }
    }

    public IReadOnlyList<ScoreReport> Scores(ScoreKind kind, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _score.All(kind, now);
        }
    }

    public void SaveBrakes(Stream stream) => Save(stream, _brakes.Save);

    public void SaveScore(Stream stream) => Save(stream, _score.Save);

    /// <exception cref="IOException">It is damaged.</exception>
    public void RestoreBrakes(Stream stream) => Restore(stream, _brakes.Restore);

    /// <exception cref="IOException">It is damaged.</exception>
    public void RestoreScore(Stream stream) => Restore(stream, _score.Restore);

    private void Save(Stream stream, Action<BinaryWriter> save)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        lock (_gate)
        {
            save(writer);
        }
    }

    private void Restore(Stream stream, Action<BinaryReader> restore)
    {
        using var buffered = new BufferedStream(stream);
        using var reader = new BinaryReader(buffered, System.Text.Encoding.UTF8, leaveOpen: true);
        lock (_gate)
        {
            restore(reader);
        }
    }
}
