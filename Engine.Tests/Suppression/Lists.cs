using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression;
using Engine.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Suppression;

/// <summary>A list in a directory of its own, that can be closed and opened again.</summary>
internal sealed class Lists : IAsyncDisposable
{
    public static readonly StreamKey Acme = new(7, 3);

    private readonly TemporaryDirectory _directory = new();

    public SuppressionKey Key { get; init; } = new(Encoding.ASCII.GetBytes(new string('k', 32)));

    public SuppressionOptions Options { get; init; } = new();

    public ManualClock Clock { get; } = new();

    public string Directory => _directory.Path;

    public SuppressionStore Store { get; private set; } = null!;

    public static async Task<Lists> OpenAsync(int deltaLimit = SuppressionStore.DefaultDeltaLimit, SuppressionOptions? options = null)
    {
        var lists = new Lists { Options = options ?? new() };
        await lists.ReopenAsync(deltaLimit);
        return lists;
    }

    public async Task ReopenAsync(int deltaLimit = SuppressionStore.DefaultDeltaLimit)
    {
        await CloseAsync();
        Store = await SuppressionStore.OpenAsync(Directory, Key, Options, Clock, NullLogger.Instance, deltaLimit);
    }

    public async Task CloseAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }
    }

    public AddressDigest Digest(string address) => Store.DigestOf(Mailbox.Parse(address));

    public SuppressionEntry Entry(string address, SuppressionScope scope, SuppressionReason reason = SuppressionReason.Hard, TimeSpan? expires = null, byte count = 0) =>
        new(Digest(address), scope, reason, SuppressionOrigin.Reply, Clock.GetUtcNow(), Clock.GetUtcNow() + expires) { Count = count };

    public ValueTask<bool> AddAsync(string address, SuppressionScope scope, SuppressionReason reason = SuppressionReason.Hard, TimeSpan? expires = null, byte count = 0) =>
        Store.AddAsync(Entry(address, scope, reason, expires, count), Mailbox.Parse(address), CancellationToken.None);

    public async Task<SuppressionReason?> FindAsync(string address, StreamKey? stream = null, StreamClass mailClass = StreamClass.Marketing) =>
        (await Store.FindAsync(Digest(address), stream ?? Acme, mailClass, CancellationToken.None))?.Reason;

    public async Task<SuppressionEntry?> LookAsync(string address, SuppressionScope scope) => await Store.LookAsync(Digest(address), scope, CancellationToken.None);

    public async Task<List<ListedEntry>> AllAsync()
    {
        var all = new List<ListedEntry>();
        await foreach (var entry in Store.ListAsync())
        {
            all.Add(entry);
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _directory.Dispose();
    }
}
