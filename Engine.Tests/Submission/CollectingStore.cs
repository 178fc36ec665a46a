using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Engine.Mail;
using Engine.Queue;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>Keeps a copy of every message, as the queue would: the memory it gets is used again.</summary>
internal sealed class CollectingStore(TimeProvider? clock = null) : IMessageStore
{
    private readonly Channel<Kept> _messages = Channel.CreateUnbounded<Kept>();
    private int _count;

    /// <param name="Envelope">As given.</param>
    /// <param name="Head">Latin-1, with the empty line.</param>
    /// <param name="Body">Latin-1.</param>
    /// <param name="IsHeld">As given.</param>
    internal sealed record Kept(Envelope Envelope, string Head, string Body, bool IsHeld)
    {
        /// <summary>All of them, the first one too.</summary>
        public IReadOnlyList<string> Heads { get; init; } = [];
    }

    public MessageIdSource Ids { get; } = new(1, clock ?? TimeProvider.System);

    public string? Refusal { get; set; }

    /// <summary>Awaited before a message counts as stored.</summary>
    public Task Commit { get; set; } = Task.CompletedTask;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Large contents that were begun, the newest last.</summary>
    public List<CollectedContent> Begun { get; } = [];

    /// <summary>Refuses pieces of large contents with this.</summary>
    public string? RefusesPieces { get; set; }

    public IIncomingContent Begin(MessageId id)
    {
        var content = new CollectedContent(id, this);
        Begun.Add(content);
        return content;
    }

    public async ValueTask AcceptAsync(Admitted message, CancellationToken stop)
    {
        await Commit.WaitAsync(stop);
        var head = Encoding.Latin1.GetString(message.Message.Heads[0].Octets.Span);
        var before = (CollectedContent?)message.Message.Before;
        Assert.That(before is null || before.Id == message.Message.Envelope.Id, Is.True, "pieces of another message");
        var body = Encoding.Latin1.GetString([.. before?.Octets ?? [], .. message.Message.Content.ToArray()]);
        _ = Interlocked.Increment(ref _count);
        await _messages.Writer.WriteAsync(new Kept(message.Message.Envelope, head, body, message.IsHeld) { Heads = [.. message.Message.Heads.Select(each => Encoding.Latin1.GetString(each.Octets.Span))] }, stop);
    }

    /// <summary>The next message, in order of arrival.</summary>
    public async Task<Kept> TakeAsync() => await _messages.Reader.ReadAsync(Guard.Token());

    public Kept Next() => _messages.Reader.TryRead(out var kept) ? kept : throw new InvalidOperationException("nothing was stored");
}
