using System.Buffers.Text;
using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>Appends commands to a buffer, each one wholly or not at all.</summary>
/// <remarks>
/// Arguments come from parsers of our own and are clean; they are looked at once more all the same, because an octet
/// too many here would be a command of somebody else's.
/// </remarks>
internal ref struct CommandWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private bool _fits = true;

    /// <summary>Octets of whole commands written.</summary>
    public int Length { get; private set; }

    /// <summary>A control octet stood in an address, or something else than printable ASCII in a parameter.</summary>
    public bool IsUnclean { get; private set; }

    /// <returns>False when it does not fit or is unclean; nothing of it counts then.</returns>
    public bool TryMail(in SmtpJob job, EhloOffer offer)
    {
        var start = Length;
        Append("MAIL FROM:<"u8);
        AppendAddress(job.Sender.Span);
        Append(">"u8);
        if (offer.Has(Extensions.Size))
        {
            Append(" SIZE="u8);
            AppendNumber(ContentWriter.SizeOf(job));
        }

        if (job.Needs.HasFlag(BodyNeeds.EightBit) && offer.Has(Extensions.EightBitMime))
        {
            Append(" BODY=8BITMIME"u8);
        }

        if (job.Needs.HasFlag(BodyNeeds.SmtpUtf8))
        {
            Append(" SMTPUTF8"u8);
        }

        if (job.Needs.HasFlag(BodyNeeds.RequireTls) && offer.Has(Extensions.RequireTls))
        {
            Append(" REQUIRETLS"u8);
        }

        if (offer.Has(Extensions.Dsn))
        {
            Append(job.Return switch { ReturnContent.Full => " RET=FULL"u8, ReturnContent.Headers => " RET=HDRS"u8, _ => ""u8 });
            AppendParameter(" ENVID="u8, job.EnvelopeId.Span);
        }

        return EndLine(start);
    }

    /// <inheritdoc cref="TryMail"/>
    public bool TryRcpt(ISmtpRecipients recipients, int position, EhloOffer offer)
    {
        var start = Length;
        Append("RCPT TO:<"u8);
        AppendAddress(recipients.AddressOf(position).Span);
        Append(">"u8);
        if (offer.Has(Extensions.Dsn))
        {
            AppendNotify(recipients.NotifyOf(position));
            AppendParameter(" ORCPT="u8, recipients.OriginalRecipientOf(position).Span);
        }

        return EndLine(start);
    }

    /// <inheritdoc cref="TryMail"/>
    public bool TryCommand(ReadOnlySpan<byte> command)
    {
        var start = Length;
        Append(command);
        return EndLine(start);
    }

    private void AppendNotify(Notify notify)
    {
        if (notify is Notify.None)
        {
            return;
        }

        Append(" NOTIFY="u8);
        if (notify.HasFlag(Notify.Never))
        {
            Append("NEVER"u8);
            return;
        }

        var comma = ""u8;
        foreach (var wish in (ReadOnlySpan<Notify>)[Notify.Success, Notify.Failure, Notify.Delay])
        {
            if (notify.HasFlag(wish))
            {
                Append(comma);
                Append(wish switch { Notify.Success => "SUCCESS"u8, Notify.Failure => "FAILURE"u8, _ => "DELAY"u8 });
                comma = ","u8;
            }
        }
    }

    private void AppendAddress(ReadOnlySpan<byte> address)
    {
        IsUnclean |= address.ContainsAnyInRange((byte)0, (byte)31) || address.Contains((byte)127);
        Append(address);
    }

    private void AppendParameter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            IsUnclean |= value.ContainsAnyExceptInRange((byte)'!', (byte)'~');
            Append(name);
            Append(value);
        }
    }

    private void AppendNumber(long number)
    {
        _fits = _fits && Utf8Formatter.TryFormat(number, _target[Length..], out var digits) && Advance(digits);
    }

    private void Append(ReadOnlySpan<byte> octets)
    {
        _fits = _fits && octets.TryCopyTo(_target[Length..]) && Advance(octets.Length);
    }

    private bool Advance(int count)
    {
        Length += count;
        return true;
    }

    private bool EndLine(int start)
    {
        Append("\r\n"u8);
        if (_fits && !IsUnclean)
        {
            return true;
        }

        Length = start;
        _fits = true;
        return false;
    }
}
