using System.Threading.Channels;
using Engine.Mail;

namespace Engine.Queue;

/// <summary>The durable queue: 250 means on stable storage. All members are thread-safe unless they say otherwise.</summary>
internal sealed class MailQueue : IAsyncDisposable
{
    /// <summary>Ids for new messages; starts above everything recovered.</summary>
    public MessageIdSource Ids => throw new NotImplementedException();

    /// <summary>Null while mail is taken; otherwise why not, for 452 4.3.1: the disk is nearly full, a commit failed.</summary>
    public string? Refusal => throw new NotImplementedException();

    public QueueCounts Counts => throw new NotImplementedException();

    /// <summary>Slots whose time has come (state Ready), fresh mail first come first served. One reader.</summary>
    public ChannelReader<int> Due => throw new NotImplementedException();

    /// <summary>Opens and recovers. Refuses, naming the file, rather than start short.</summary>
    /// <exception cref="QueueDamagedException">The log is damaged, cut or gone.</exception>
    public static Task<MailQueue> OpenAsync(QueueSettings settings, TimeProvider clock, ILogger log, CancellationToken stop) => throw new NotImplementedException();

    /// <summary>Completes once the message is on stable storage. Waits while too much is uncommitted. A message id accepted before is a no-op.</summary>
    public ValueTask AcceptAsync(NewMessage message, CancellationToken stop) => throw new NotImplementedException();

    /// <summary>What the index knows; state None when the slot was freed meanwhile.</summary>
    public QueuedRecipient Look(int slot) => throw new NotImplementedException();

    public Flow FlowOf(int flow) => throw new NotImplementedException();

    public DomainName DomainOf(int domain) => throw new NotImplementedException();

    /// <summary>Ready → InFlight. False when it was cancelled or held meanwhile: forget the slot.</summary>
    public bool TryBegin(int slot) => throw new NotImplementedException();

    /// <summary>Reads the message of a slot in flight.</summary>
    public ValueTask<StoredMessage> ReadAsync(int slot, CancellationToken stop) => throw new NotImplementedException();

    /// <summary>InFlight → gone. Durable within 20 ms; the returned task completes then. False when it had ended already.</summary>
    public ValueTask<bool> SettleAsync(int slot, EndKind end, ushort code) => throw new NotImplementedException();

    /// <summary>The same without waiting for the commit; for recipients whose repetition after a crash is harmless or unavoidable.</summary>
    public bool Settle(int slot, EndKind end, ushort code) => throw new NotImplementedException();

    /// <summary>InFlight → Waiting; the attempt counts. Durable within 20 ms.</summary>
    public void Defer(int slot, in Deferral deferral) => throw new NotImplementedException();

    /// <summary>Ready or InFlight → Waiting without counting: trouble of our own. Not written to the log.</summary>
    public void PutBack(int slot, DateTimeOffset due) => throw new NotImplementedException();

    /// <summary>Waiting → Ready at once, its place in <see cref="Due"/> as if its time had come. Nothing happens in another state.</summary>
    public void Wake(int slot) => throw new NotImplementedException();

    /// <summary>Stops intake, commits what is there, closes the log.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
