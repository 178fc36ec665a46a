using System.Diagnostics.CodeAnalysis;
using System.Text;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>What stands behind an unsubscribe link (RFC 8058): says whether it is good, and takes the recipient out of the stream. Thread-safe.</summary>
/// <remarks>Looking at a link never acts: mail scanners follow every link they see.</remarks>
internal sealed class UnsubscribeDesk(InboundDoor door, SuppressionWriter suppressions, StreamNames names, InboundMeter meter, IEvents events, TimeProvider clock, ILogger log)
{
    /// <summary>What a GET comes to.</summary>
    /// <param name="token">Last segment of the path.</param>
    public UnsubscribeAnswer Look(string token) => Open(token, out _);

    /// <summary>What a POST comes to; <see cref="UnsubscribeAnswer.Done"/> only when the suppression is on stable storage.</summary>
    /// <param name="token">Last segment of the path.</param>
    /// <param name="stop">Gives up waiting.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever the store throws, the caller must hear that he is not unsubscribed yet; the log has the rest.")]
    public async ValueTask<UnsubscribeAnswer> ActAsync(string token, CancellationToken stop)
    {
        var answer = Open(token, out var opened);
        if (answer is not UnsubscribeAnswer.Ask)
        {
            return answer;
        }

        try
        {
            var added = await suppressions.AddAsync(SuppressionReason.Unsubscribe, SuppressionOrigin.Link, opened, default, stop).ConfigureAwait(false);
            meter.Heard(added ? InboundNews.Unsubscribe : InboundNews.Repeated);
            if (added)
            {
                var (account, stream) = names.Of(opened.Stream);
                events.Write(new Event { Kind = EventKind.Unsubscribed, Time = clock.GetUtcNow(), Id = opened.Id, RecipientIndex = -1, Account = account, Stream = stream, Rule = "link" });
            }

            return UnsubscribeAnswer.Done;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            meter.Rejected(InboundRejection.Fault);
            ReportsLog.NotUnsubscribed(log, opened.Id, fault);
            return UnsubscribeAnswer.TryLater;
        }
    }

    private UnsubscribeAnswer Open(string token, out ReturnToken opened)
    {
        opened = default;
        if (token.Length != TokenRing.TextLength || !Ascii.IsValid(token))
        {
            return UnsubscribeAnswer.NotFound;
        }

        Span<byte> text = stackalloc byte[TokenRing.TextLength];
        _ = Encoding.ASCII.GetBytes(token, text);
        return door.Open(text, TokenPurpose.Unsubscribe, out opened) switch
        {
            TokenVerdict.Good when opened.Recipient != default => UnsubscribeAnswer.Ask,
            TokenVerdict.Expired => UnsubscribeAnswer.Gone,
            _ => UnsubscribeAnswer.NotFound,
        };
    }
}
