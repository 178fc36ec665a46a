using System.Text;
using Engine.Demo;

namespace Engine.Tests.Demo;

internal sealed class ReceptionReaderTests
{
    [TestCase("X-Demo-Number: 42\r\n\r\n", 42, "")]
    [TestCase("x-demo-number:7\r\n\r\nX-Demo-Number: 8\r\n", 7, "")]
    [TestCase("Subject: none\r\n\r\nX-Demo-Number: 8\r\n", 0, "")]
    [TestCase("Received: from a by b with ESMTPA id 0abc;\r\n Thu, 1 Jan\r\nX-Demo-Number: 1\r\n\r\n", 1, "0abc")]
    [TestCase("Received: from a\r\n\tby b with ESMTP\r\n\tid\r\n\t0def for <x>; d\r\nReceived: by c id 9; d\r\nX-Demo-Number: 1\r\n\r\n", 1, "0def")]
    public void Number_and_id_are_read(string head, long number, string id) =>
        Assert.That(new ReceptionReader("X-Demo-Number").Read(Encoding.ASCII.GetBytes(head)), Is.EqualTo((number, id)));
}
