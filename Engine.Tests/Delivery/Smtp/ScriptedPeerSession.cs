using Engine.Delivery.Smtp;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>A receiver and a session open to it.</summary>
internal sealed class ScriptedPeerSession(Receiver receiver, HostMemory? memory = null) : IAsyncDisposable
{
    private readonly ScriptedPeer _peer = ScriptedPeer.Start(receiver.PlayAsync);
    private SmtpSession? _session;

    public Receiver Receiver { get; } = receiver;

    public SmtpSession Session => _session!;

    public CancellationToken Guard => _peer.Guard;

    public Verdict[] Verdicts { get; private set; } = [];

    public SendResult Result { get; private set; }

    public async Task<ScriptedPeerSession> OpenAsync()
    {
        _session = await _peer.OpenAsync(memory);
        return this;
    }

    public async Task<SessionState> SendAsync(SmtpJob job)
    {
        Verdicts = new Verdict[job.Recipients.Count];
        Result = await Session.SendAsync(job, Verdicts, next: null, Guard);
        return Result.State;
    }

    public async ValueTask DisposeAsync()
    {
        await (_session?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _peer.DisposeAsync();
    }
}
