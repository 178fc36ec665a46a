using System.Text;

namespace Engine.Suppression.Bulk;

/// <summary>
/// Adds what a file of comma-separated values holds: <c>address,scope,account,stream,class,reason,expires,added</c>, in that order or as a heading says; only the address is needed. Lines that are not understood are
/// told and passed over. Each batch is durable before it is counted as added; an import that was broken off may be begun anew.
/// </summary>
internal sealed class SuppressionImport(SuppressionStore store, AccountNames names, ImportPreset preset, TimeProvider clock)
{
    /// <summary>Additions of one commit.</summary>
    public const int BatchLength = 8_192;

    private const int MaxRuns = 12;

    private List<SuppressionAddition> _batch = new(BatchLength);
    private List<SuppressionAddition> _spare = new(BatchLength);
    private Task<int>? _committing;
    private int _committingCount;
    private ImportProgress _progress;

    /// <summary>Reads to the end. One import an instance.</summary>
    /// <param name="source">UTF-8; read as it comes, never as a whole.</param>
    /// <param name="fault">Told of each line that is not taken.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="stop">Breaks off; what was counted as added stays.</param>
    public async Task<ImportProgress> RunAsync(Stream source, Action<ImportFault> fault, Action<ImportProgress>? progress, CancellationToken stop)
    {
        using var text = new StreamReader(source, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 << 10, leaveOpen: true);
        var now = clock.GetUtcNow();
        var reader = new CsvReader(text);
        var row = new ImportRow(store.Key, names, preset, now);
        var first = true;
        while (reader.Read())
        {
            var isHeading = first && reader.Fault is null && row.TryHeading(reader.Fields);
            first = false;
            if (!isHeading)
            {
                Take(reader, row, now, fault);
            }

            if (_batch.Count == BatchLength)
            {
                await CommitAsync(stop).ConfigureAwait(false);
                progress?.Invoke(_progress);
            }
        }

        await CommitAsync(stop).ConfigureAwait(false);
        await AwaitCommitAsync().ConfigureAwait(false);
        progress?.Invoke(_progress);
        return _progress;
    }

    private void Take(CsvReader reader, ImportRow row, DateTimeOffset now, Action<ImportFault> fault)
    {
        _progress = _progress with { Records = _progress.Records + 1 };
        var addition = default(SuppressionAddition);
        if ((reader.Fault ?? row.Read(reader.Fields, out addition)) is { } reason)
        {
            _progress = _progress with { Faults = _progress.Faults + 1 };
            fault(new ImportFault(reader.Line, reason));
        }
        else if (addition.Entry.Expires <= now)
        {
            _progress = _progress with { Expired = _progress.Expired + 1 };
        }
        else
        {
            _batch.Add(addition);
        }
    }

    // One batch is written while the next is read. Where merges lag behind, the import waits: nobody else does.
    private async Task CommitAsync(CancellationToken stop)
    {
        await AwaitCommitAsync().ConfigureAwait(false);
        if (_batch.Count == 0)
        {
            return;
        }

        if (store.Figures().Runs > MaxRuns)
        {
            await store.SettleAsync().WaitAsync(stop).ConfigureAwait(false);
        }

        var batch = _batch;
        (_batch, _spare) = (_spare, _batch);
        _batch.Clear();
        _committingCount = batch.Count;
        _committing = Task.Run(async () => await store.AddAsync(batch, stop).ConfigureAwait(false), stop);
    }

    private async Task AwaitCommitAsync()
    {
        if (_committing is null)
        {
            return;
        }

        var added = await _committing.ConfigureAwait(false);
        _committing = null;
        _progress = _progress with { Added = _progress.Added + added, Known = _progress.Known + _committingCount - added };
    }
}
