using System.Text;
using Engine.Configuration;
using Engine.Feedback.Reading;
using Engine.Feedback.Reports;
using Engine.Mail;
using Engine.Suppression;
using Engine.Tests.Submission;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Feedback.Reports;

/// <summary>Everything behind a feedback listener, with a reader that says what a test wants and a list in memory.</summary>
internal sealed class ReportRig : IDisposable
{
    public const string Bounces = "bounce.mta1.example.com";
    public const string Reader = "reader@b.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("engine-reports-").FullName;

    public ReportRig(FeedbackOptions? feedback = null, IQueuedBounces? queued = null, Func<EngineOptions, EngineOptions>? change = null)
    {
        var options = Sample.Options with
        {
            State = _folder,
            Domains = new Dictionary<string, DomainOptions> { ["*"] = new() { ReturnPath = "rp.{domain}" }, ["acme.example"] = new() { ReturnPath = "back.acme.example" } },
            Sources = new Dictionary<string, SourceOptions> { ["a"] = new() { Address = "192.0.2.1", Ehlo = "out1.example.com" } },
            Feedback = feedback ?? new FeedbackOptions { Complaints = ["fbl@mta1.example.com"], Forward = new Dictionary<string, string> { ["postmaster"] = "ops@corp.example" } },
        };
        Current = new CurrentSnapshot(new Snapshot(change?.Invoke(options) ?? options, _folder));
        Names = new StreamNames(Current);
        Door = new InboundDoor(Current, () => Ring, Clock);
        Writer = new SuppressionWriter(List, EntryOf, Names, Events, Clock);
        Shelf = new UnparsedShelf(Current, Clock);
        Forwards = new ForwardDesk(Current, Intake, Shelf, Meter, Events, Clock);
        Desk = new ReportDesk(new ReportParts(mail => Read?.Invoke(mail) ?? Report, Door, Writer, Forwards, Shelf, Names, News, Meter, Events) { Queued = queued }, Clock);
        Links = new UnsubscribeDesk(Door, Writer, Names, Meter, Events, Clock, NullLogger.Instance);
    }

    public TokenRing Ring { get; } = new([("k1", Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"))], "k1");

    public Engine.Tests.ManualClock Clock { get; } = new();

    public CurrentSnapshot Current { get; }

    public StreamNames Names { get; }

    public InboundDoor Door { get; }

    public SuppressionsInMemory List { get; } = new();

    public SuppressionWriter Writer { get; }

    public UnparsedShelf Shelf { get; }

    public ForwardDesk Forwards { get; }

    public ReportDesk Desk { get; }

    public UnsubscribeDesk Links { get; }

    public CollectedOwnMail Intake { get; } = new();

    public CollectedEvents Events { get; } = new();

    public CollectedNews News { get; } = new();

    /// <summary>Of the rig alone.</summary>
    public string MeterName => Meter.Name;

    public InboundMeter Meter { get; } = new($"Test{Guid.NewGuid():N}");

    /// <summary>What the reader says of the next mails.</summary>
    public MailReport Report { get; set; } = MailReport.Nothing;

    /// <summary>Reads instead.</summary>
    public Func<ReadOnlyMemory<byte>, MailReport>? Read { get; init; }

    /// <summary>As <c>suppression.rules</c> is by default.</summary>
    public static SuppressionEntry EntryOf(SuppressionReason reason, SuppressionOrigin origin, AddressDigest address, StreamKey stream, DateTimeOffset now) => new(
        address,
        reason switch
        {
            SuppressionReason.Unsubscribe => SuppressionScope.OfStream(stream),
            SuppressionReason.Complaint => SuppressionScope.OfAccount(stream, StreamClass.Marketing),
            _ => SuppressionScope.OfAccount(stream),
        },
        reason,
        origin,
        now);

    public static MailReport Saying(params ReportedRecipient[] recipients) => new(recipients);

    public static ReportedRecipient Bounce(string address, bool isHard = true) =>
        new(ReportKind.Bounce, address, new EnhancedCode(5, 1, 1), 550, new Category("bad_recipient"), isHard, "550 5.1.1 no such user");

    public static ReportedRecipient Complaint(string type = "abuse", string address = "") =>
        new(ReportKind.Complaint, address, default, 0, Category.Unknown, IsHard: false, string.Empty, type);

    /// <summary>A token for the reader, stream news of acme, made today.</summary>
    public ReturnToken Token(TokenPurpose purpose, string? recipient = Reader, ulong id = 77) => new(
        purpose,
        new MessageId(id),
        recipient is null ? default : SuppressionsInMemory.Digest(recipient),
        StreamKey.Of("acme", 0, "news"),
        ReturnToken.DayOf(Clock.GetUtcNow()));

    public string Address(ReturnToken token) => $"{Ring.Seal(token)}@{Bounces}";

    /// <summary>Judges recipients as the listener does, and hands the mail to the desk. False when nobody was taken.</summary>
    public async Task<bool> SendAsync(string content, params string[] to)
    {
        var taken = new List<InboundRecipient>();
        foreach (var address in to)
        {
            if (Door.Judge(Mailbox.Parse(address), out var recipient) is InboundRejection.None)
            {
                taken.Add(recipient);
            }
        }

        if (taken.Count > 0)
        {
            await Desk.TakeAsync(new InboundMail("192.0.2.25", default, taken, Encoding.Latin1.GetBytes(content)), CancellationToken.None);
        }

        return taken.Count > 0;
    }

    public void Dispose()
    {
        Meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
