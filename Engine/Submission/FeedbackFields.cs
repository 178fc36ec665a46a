using System.Buffers;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>
/// Writes the header fields by which what comes back is understood: List-Unsubscribe (RFC 2369, 8058), CFBL-Address and CFBL-Feedback-ID (RFC 9477), Feedback-ID
/// (Gmail). Pure; allocates nothing.
/// </summary>
internal static class FeedbackFields
{
    // Characters of one part of Feedback-ID.
    private const int MaxPart = 64;

    // What stands last in Feedback-ID, the same over all mail. Gmail wants 5–15 characters.
    private static ReadOnlySpan<byte> SenderId => "engine"u8;

    /// <summary>Writes the fields of a plan.</summary>
    /// <param name="output">Takes them.</param>
    /// <param name="plan">Which.</param>
    /// <param name="terms">In force, with tokens where the plan has any.</param>
    /// <param name="token">What tokens say; their purpose is set here.</param>
    /// <param name="sender">Domain of the From header, for the return path.</param>
    /// <param name="placement">Whose message it is.</param>
    /// <param name="campaign">Empty for none.</param>
    public static void Write(IBufferWriter<byte> output, FieldPlan plan, FeedbackTerms terms, in ReturnToken token, DomainName sender, in Placement placement, string campaign)
    {
        if (plan.HasFeedbackId)
        {
            output.Write("Feedback-ID: "u8);
            PutPart(output, campaign);
            PutPart(output, placement.Stream.Name);
            PutPart(output, placement.Account.Name);
            output.Write(SenderId);
            output.Write("\r\n"u8);
        }

        if (plan.HasComplaints)
        {
            output.Write("CFBL-Address: "u8);
            Encoding.UTF8.GetBytes(terms.ComplaintAddress!, output);
            output.Write("; report=arf\r\nCFBL-Feedback-ID: "u8);
            PutToken(output, terms.Tokens!, token with { Purpose = TokenPurpose.Complaint });
            output.Write("\r\n"u8);
        }

        if (plan.HasUnsubscribe)
        {
            WriteUnsubscribe(output, plan, terms, token with { Purpose = TokenPurpose.Unsubscribe }, sender);
        }
    }

    private static void WriteUnsubscribe(IBufferWriter<byte> output, FieldPlan plan, FeedbackTerms terms, in ReturnToken token, DomainName sender)
    {
        output.Write("List-Unsubscribe: "u8);
        if (terms.UnsubscribeUrl is { } url)
        {
            output.Write("<"u8);
            Encoding.ASCII.GetBytes(url, output);
            PutToken(output, terms.Tokens!, token);
            output.Write(">,\r\n "u8);
        }

        output.Write("<mailto:"u8);
        PutToken(output, terms.Tokens!, token);
        output.Write(terms.ReturnPaths.Of(sender).Octets);
        output.Write("?subject=unsubscribe>\r\n"u8);
        if (terms.UnsubscribeUrl is not null && plan.IsSigned)
        {
            output.Write("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"u8);
        }
    }

    private static void PutToken(IBufferWriter<byte> output, TokenRing tokens, in ReturnToken token) =>
        output.Advance(tokens.Seal(token, output.GetSpan(TokenRing.TextLength)));

    // An empty part is left out, colon and all: Gmail counts each part by itself.
    private static void PutPart(IBufferWriter<byte> output, string part)
    {
        if (part.Length == 0)
        {
            return;
        }

        var length = Math.Min(part.Length, MaxPart);
        var target = output.GetSpan(length + 1);
        for (var at = 0; at < length; at++)
        {
            target[at] = char.IsAsciiLetterOrDigit(part[at]) || part[at] is '-' or '_' or '.' or '=' or '+' or '/' ? (byte)part[at] : (byte)'-';
        }

        target[length] = (byte)':';
        output.Advance(length + 1);
    }
}
