using System.Text;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>Recipients in memory.</summary>
internal sealed class TestRecipients(params string[] addresses) : ISmtpRecipients
{
    private readonly byte[][] _addresses = [.. addresses.Select(Encoding.UTF8.GetBytes)];

    public int Count => _addresses.Length;

    public Notify Notify { get; init; }

    public string OriginalRecipient { get; init; } = string.Empty;

    public ReadOnlyMemory<byte> AddressOf(int position) => _addresses[position];

    public Notify NotifyOf(int position) => Notify;

    public ReadOnlyMemory<byte> OriginalRecipientOf(int position) => Encoding.UTF8.GetBytes(OriginalRecipient);
}
