using Engine.Mail;

namespace Engine.Tests.Failures.Crash;

/// <summary>
/// Every state a crash could have left in the course of a history: behind each operation, and in the midst of each write, torn in
/// several ways; with deletions undone that no flush had made stable; and single bits flipped.
/// </summary>
/// <param name="operations">In order.</param>
/// <param name="ledger">Of the same disk.</param>
/// <param name="random">Says which sectors and bits.</param>
internal sealed class CrashStates(IReadOnlyList<DiskOperation> operations, IReadOnlyList<LedgerLine> ledger, Random random)
{
    // Of a prefix, states with a bit wrong.
    private const int Flips = 1;

    private readonly DiskImage _image = new();
    private readonly Dictionary<LabFile, byte[]> _removed = [];
    private readonly Dictionary<LabFile, int> _flushed = [];
    private readonly Dictionary<MessageId, ExpectedMessage> _expected = [];
    private IReadOnlyCollection<ExpectedMessage> _now = [];
    private int _lines;

    public IEnumerable<CrashState> All()
    {
        var isNew = true;
        for (var at = 0; at <= operations.Count; at++)
        {
            isNew |= ReadLedger(at);
            var operation = at < operations.Count ? operations[at] : null;
            if (isNew)
            {
                foreach (var state in Behind(at, operation))
                {
                    yield return state;
                }
            }

            if (operation is null)
            {
                yield break;
            }

            foreach (var state in Within(at, operation))
            {
                yield return state;
            }

            Do(operation);
            isNew = operation.IsVisible;
        }
    }

    private bool ReadLedger(int at)
    {
        var before = _lines;
        for (; _lines < ledger.Count && ledger[_lines].At <= at; _lines++)
        {
            _expected[ledger[_lines].Message.Letter.Id] = ledger[_lines].Message;
        }

        if (before != _lines)
        {
            _now = [.. _expected.Values];
        }

        return before != _lines;
    }

    private void Do(DiskOperation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Remove when _image.Find(operation.File) is { } octets:
                _removed[operation.File] = octets;
                break;
            case OperationKind.FlushNames:
                foreach (var file in _removed.Keys.Where(file => file.Generation == operation.File.Generation).ToArray())
                {
                    _removed.Remove(file);
                }

                break;
            case OperationKind.Publish when operation.Offset < operation.Octets.Length:
                _flushed[operation.File] = (int)operation.Offset;
                break;
            case OperationKind.Write:
                _removed.Remove(operation.File);
                break;
            default:
                break;
        }

        operation.ApplyTo(_image);
    }

    private IEnumerable<CrashState> Behind(int at, DiskOperation? next)
    {
        yield return State(StateKind.Prefix, at, _image, next);
        if (_removed.Count > 0)
        {
            yield return State(StateKind.Undeleted, at, Undelete(_image, 1), next);
            if (_removed.Count > 1)
            {
                yield return State(StateKind.Undeleted, at, Undelete(_image, 2), next);
            }
        }

        if (_flushed.Keys.Any(file => _image.Find(file) is not null))
        {
            yield return State(StateKind.Unflushed, at, DropUnflushed(), next);
        }

        for (var flip = 0; flip < Flips && _image.Files.Count > 0; flip++)
        {
            yield return Flip(at, next);
        }
    }

    private IEnumerable<CrashState> Within(int at, DiskOperation operation)
    {
        if (operation.Kind != OperationKind.Write || operation.Octets.Length == 0)
        {
            yield break;
        }

        (StateKind Kind, DiskOperation? Torn)[] torn =
        [
            (StateKind.FirstHalf, Tear.FirstHalf(operation)),
            (StateKind.Subset, Tear.Subset(_image, operation, random)),
            (StateKind.Subset, Tear.Subset(_image, operation, random)),
            (StateKind.Hole, Tear.Hole(_image, operation)),
            (StateKind.Garbage, Tear.Garbage(_image, operation, random)),
            (StateKind.Garbage, Tear.Garbage(_image, operation, random)),
            (StateKind.SharedGarbage, Tear.SharedGarbage(_image, operation, random)),
            (StateKind.UndeletedTorn, _removed.Count == 0 ? null : Tear.Subset(_image, operation, random)),
        ];
        foreach (var (kind, part) in torn)
        {
            if (part is not null)
            {
                var image = kind == StateKind.UndeletedTorn ? Undelete(_image, 2) : _image.Fork();
                part.ApplyTo(image);
                yield return State(kind, at, image, operation);
            }
        }
    }

    private CrashState State(StateKind kind, int at, DiskImage image, DiskOperation? operation) => new(kind, at, image.Fork(), _now, operation);

    // One in so many stays.
    private DiskImage Undelete(DiskImage image, int among)
    {
        var back = image.Fork();
        foreach (var (file, octets) in _removed)
        {
            if (random.Next(among) == 0 && back.Find(file) is null)
            {
                back.Put(file, octets);
            }
        }

        return back;
    }

    private DiskImage DropUnflushed()
    {
        var dropped = _image.Fork();
        foreach (var (file, flushed) in _flushed)
        {
            if (dropped.Find(file) is { } octets)
            {
                var left = octets.ToArray();
                for (var sector = flushed / DiskOperation.Sector * DiskOperation.Sector; sector < left.Length; sector += DiskOperation.Sector)
                {
                    if (random.Next(2) == 0)
                    {
                        left.AsSpan(sector, Math.Min(DiskOperation.Sector, left.Length - sector)).Clear();
                    }
                }

                dropped.Put(file, left);
            }
        }

        return dropped;
    }

    private CrashState Flip(int at, DiskOperation? next)
    {
        var files = _image.Files.Where(static file => file.Value.Length > 0).ToArray();
        if (files.Length == 0)
        {
            return State(StateKind.Prefix, at, _image, next);
        }

        var (name, octets) = files[random.Next(files.Length)];
        var flipped = octets.ToArray();
        flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        var image = _image.Fork();
        image.Put(name, flipped);
        return State(StateKind.BitFlip, at, image, next) with { Flipped = name };
    }
}
