using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>The recipients of one transaction, by position. Read while the envelope is written, so it must not change until the send ends.</summary>
internal interface ISmtpRecipients
{
    /// <summary>At least 1.</summary>
    int Count { get; }

    /// <summary>The address without brackets.</summary>
    ReadOnlyMemory<byte> AddressOf(int position);

    Notify NotifyOf(int position);

    /// <summary>ORCPT as given, type and xtext; empty when absent. RFC 3461 §4.2.</summary>
    ReadOnlyMemory<byte> OriginalRecipientOf(int position);
}
