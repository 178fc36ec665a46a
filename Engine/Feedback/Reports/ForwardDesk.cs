using System.Net;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>Passes mail to postmaster and abuse on to where <c>feedback.forward</c> says, as it came: by our own intake, unsigned, from the null sender. Thread-safe.</summary>
/// <remarks>
/// The null sender, because a bounce of it could only come back to postmaster. Not forwarded but kept is what went by here before (own <c>X-Loop</c> field), what
/// has more than 30 Received fields, what has a header our intake does not take, what comes too often, and everything while no address is configured: then
/// an alert a day tells it, because RFC 5321 §4.5.1 wants postmaster read.
/// </remarks>
/// <param name="current">Where to.</param>
/// <param name="intake">Takes it.</param>
/// <param name="shelf">Keeps what is not forwarded.</param>
/// <param name="meter">Counts.</param>
/// <param name="events">Take the alert.</param>
/// <param name="clock">For the alert's day and the rate.</param>
internal sealed class ForwardDesk(CurrentSnapshot current, IIntake intake, UnparsedShelf shelf, InboundMeter meter, IEvents events, TimeProvider clock)
{
    private const int MaxReceived = 30;

    private static readonly TimeSpan Silence = TimeSpan.FromDays(1);

    // 60 at once, one in six seconds for long: what a person can read, whoever floods. All forwards share it.
    private readonly ClientBudget _budget = new(rate: 1.0 / 6, burst: 60, clock);
    private long _lastAlert = long.MinValue;

    /// <summary>Completes when it is in the queue, or on the shelf.</summary>
    public async ValueTask ForwardAsync(InboundMail mail, InboundRecipient recipient, CancellationToken stop)
    {
        var options = current.Value.Options;
        if (WhyKept(mail, recipient, options, out var target) is not { } why)
        {
            var mark = Encoding.UTF8.GetBytes($"X-Loop: {MarkOf(options)}\r\n");
            try
            {
                await intake.AcceptAsync(new OwnMessage(default, default, [target], (byte[])[.. mark, .. mail.Content.Span]) { IsForwarded = true }, stop).ConfigureAwait(false);
                meter.Heard(InboundNews.Forwarded);
                return;
            }
            catch (ArgumentException)
            {
                why = "its header cannot be sent on";
            }
        }

        shelf.Keep(mail, recipient.Address, why);
        meter.Heard(InboundNews.Kept);
    }

    private static string MarkOf(EngineOptions options) => $"feedback@{options.Hostname}";

    private static string RoleOf(InboundKind kind) => kind is InboundKind.Abuse ? "abuse" : "postmaster";

    private string? WhyKept(InboundMail mail, in InboundRecipient recipient, EngineOptions options, out Mailbox target)
    {
        var role = RoleOf(recipient.Kind);
        target = default;
        if (!options.Feedback.Forward.TryGetValue(role, out var text) || !Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out target))
        {
            Alert(role);
            return $"feedback.forward names no address for {role}";
        }

        _ = HeaderWalker.TrySplit(mail.Content.Span, out var header, out _);
        return IsLooping(header, MarkOf(options)) ? "it has been forwarded from here before, or loops"
            : mail.IsCut ? "it is too big to be forwarded"
            : !_budget.TryTake(IPAddress.None) ? "too much was forwarded lately"
            : null;
    }

    private static bool IsLooping(ReadOnlySpan<byte> header, string mark)
    {
        var received = 0;
        foreach (var field in new HeaderWalker(header))
        {
            received += field.Is("Received"u8) ? 1 : 0;
            if (received > MaxReceived || (field.Is("X-Loop"u8) && Ascii.EqualsIgnoreCase(field.Value.Trim(" \t\r\n"u8), mark)))
            {
                return true;
            }
        }

        return false;
    }

    private void Alert(string role)
    {
        var (now, last) = (clock.GetTimestamp(), Volatile.Read(ref _lastAlert));
        if ((last == long.MinValue || clock.GetElapsedTime(last, now) >= Silence) && Interlocked.CompareExchange(ref _lastAlert, now, last) == last)
        {
            events.Write(new Event
            {
                Kind = EventKind.Alert,
                Time = clock.GetUtcNow(),
                RecipientIndex = -1,
                Who = "feedback",
                Reason = $"mail to {role} is kept and nobody reads it: set feedback.forward.{role}, and see 'engine feedback ls --unparsed'",
            });
        }
    }
}
