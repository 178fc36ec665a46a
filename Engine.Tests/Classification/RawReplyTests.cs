using Engine.Classification;

namespace Engine.Tests.Classification;

internal sealed class RawReplyTests
{
    [TestCase("550 5.1.1 no such user", 550, "5.1.1", "no such user")]
    [TestCase("550-5.1.1 no such\r\n550 5.1.1 user", 550, "5.1.1", "no such user")]
    [TestCase("550-5.1.1 no such\\n550 5.1.1 user", 550, "5.1.1", "no such user")]
    [TestCase("550-5.1.1 no such 550-5.1.1 user 550 5.1.1 here", 550, "5.1.1", "no such user here")]
    [TestCase("550 #5.1.1 nope", 550, "5.1.1", "nope")]
    [TestCase("#550 5.1.1 nope", 550, "5.1.1", "nope")]
    [TestCase("550: nope", 550, "", "nope")]
    [TestCase("421", 421, "", "")]
    [TestCase("5.1.1 nope", 0, "5.1.1", "nope")]
    [TestCase("no such user", 0, "", "no such user")]
    [TestCase("host mx.example.net[192.0.2.1] said: 450 4.2.2 <a@b.example>: full", 450, "4.2.2", "<a@b.example>: full host mx.example.net[192.0.2.1] said:")]
    [TestCase("2001 things happened", 0, "", "2001 things happened")]
    [TestCase("", 0, "", "")]
    public void Codes_are_found_wherever_they_stand(string raw, int code, string enhanced, string text)
    {
        var reply = RawReply.Parse(raw);

        Assert.That((reply.Code, reply.Enhanced.ToString(), reply.Text), Is.EqualTo(((ushort)code, enhanced, text)));
    }
}
