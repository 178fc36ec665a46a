using System.Text;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>Messages for sessions to send.</summary>
internal static class TestJobs
{
    public const string Head = "Subject: test\r\n\r\n";

    public static SmtpJob Make(string content = ".dots\r\n", int recipients = 2, BodyNeeds needs = BodyNeeds.None) => new()
    {
        Sender = "s@client.test"u8.ToArray(),
        Recipients = new TestRecipients([.. Enumerable.Range(0, recipients).Select(at => $"r{at}@mx.test")]),
        Needs = needs,
        Head = Encoding.Latin1.GetBytes(Head),
        Content = Bytes.Whole(content),
    };
}
