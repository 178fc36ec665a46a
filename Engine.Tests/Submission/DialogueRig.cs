using System.Net;
using System.Text;
using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>A dialogue without a socket: octets in, replies out, in whatever pieces a test likes.</summary>
internal sealed class DialogueRig : IDisposable
{
    private readonly SubmissionMetrics _metrics = new();
    private readonly SubmissionMachine _machine;
    private readonly MessageIntake _intake;
    private readonly SubmissionDialogue _dialogue;
    private readonly List<byte> _unread = [];

    public DialogueRig(string listener = "local", EngineOptions? options = null, SubmissionLimits? limits = null, string client = "127.0.0.1", long memory = 64 << 20,
        Snapshot? snapshot = null, Func<Mailbox, AddressDigest>? digestOf = null, IHeadSealer? sealer = null)
    {
        limits ??= new SubmissionLimits();
        Rules = new RulesInForce(new CurrentSnapshot(snapshot ?? Sample.Snapshot(options)));
        Blocks = new BlockPool(memory);
        Tree = new LimitTree(Clock);
        Meters = new AccountMeters(Tree, Clock);
        var facts = new ClientFacts(Rules.Value.Listeners[listener], IPAddress.Parse(client), 7, CanSecure: true);
        var ledger = new IntakeLedger(Events, _metrics, Clock);
        _machine = new SubmissionMachine(facts, Rules, Meters, () => Store.Refusal ?? (Blocks.IsTight ? "full" : null), limits);
        _intake = new MessageIntake(facts, Blocks, Store, sealer ?? Sealer, ledger, Meters, Clock, limits) { DigestOf = digestOf };
        _dialogue = new SubmissionDialogue(_machine, _intake, ledger, facts, limits);
    }

    public RulesInForce Rules { get; }

    public BlockPool Blocks { get; }

    public LimitTree Tree { get; }

    public AccountMeters Meters { get; }

    public ManualClock Clock { get; } = new();

    public CollectingStore Store { get; } = new(new ManualClock());

    public CollectedEvents Events { get; } = new();

    public PlainSealer Sealer { get; } = new("acme.example");

    /// <summary>Answers for the authenticator; by default everybody is who he says.</summary>
    public Func<GivenLogin, AuthVerdict> Judge { get; set; } = _ => AuthVerdict.Good;

    public bool IsClosed { get; private set; }

    /// <summary>Octets the dialogue has not taken.</summary>
    public int Unread => _unread.Count;

    /// <summary>EHLO, and AUTH where a login is given. Its replies are dropped.</summary>
    public async Task<DialogueRig> GreetAsync(string? login = null)
    {
        _ = await SayAsync("EHLO client.example\r\n");
        if (login is not null)
        {
            _ = await SayAsync($"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{login}\0x"))}\r\n");
        }

        return this;
    }

    /// <summary>As after a handshake: EHLO within TLS.</summary>
    public Task<string> SecureAsync()
    {
        _machine.Secured();
        return SayAsync("EHLO client.example\r\n");
    }

    /// <summary>Sends a message from one address of acme to one recipient.</summary>
    public Task<string> SendAsync(string content) =>
        SayAsync($"MAIL FROM:<a@acme.example>\r\nRCPT TO:<r@b.example>\r\nDATA\r\n{content}\r\n.\r\n");

    /// <param name="text">Latin-1.</param>
    public Task<string> SayAsync(string text) => FeedAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>What the server says to these octets: whole replies, CRLF and all.</summary>
    public async Task<string> FeedAsync(ReadOnlyMemory<byte> octets)
    {
        _unread.AddRange(octets.Span);
        while (!IsClosed)
        {
            var need = _dialogue.Take(_unread.ToArray(), out var consumed);
            _unread.RemoveRange(0, consumed);
            switch (need)
            {
                case DialogueNeed.Piece:
                    await _intake.StorePieceAsync(Guard.Token());
                    continue;
                case DialogueNeed.Commit:
                    var trace = new Trace(_machine.EhloName, "192.0.2.1", _machine.IsExtended, _machine.IsAuthenticated, null);
                    _dialogue.Committed(await _intake.CommitAsync(trace, Guard.Token()));
                    continue;
                case DialogueNeed.Verdict:
                    _ = _dialogue.TakeVerdict(Judge(_dialogue.Login));
                    continue;
                case DialogueNeed.Handshake:
                    _dialogue.Secured();
                    continue;
                case DialogueNeed.Close:
                    IsClosed = true;
                    break;
                default:
                    return Drain();
            }
        }

        return Drain();
    }

    public void Dispose()
    {
        _intake.Dispose();
        _metrics.Dispose();
    }

    private string Drain()
    {
        var text = Encoding.ASCII.GetString(_dialogue.Output.Written.Span);
        _dialogue.Output.Clear();
        return text;
    }
}
