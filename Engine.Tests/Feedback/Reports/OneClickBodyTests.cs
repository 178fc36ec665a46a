using System.Text;
using Engine.Feedback.Reports;

namespace Engine.Tests.Feedback.Reports;

internal sealed class OneClickBodyTests
{
    private const string Part = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";

    [TestCase("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click", true)]
    [TestCase(null, "List-Unsubscribe=One-Click", true)]
    [TestCase("text/plain", "List-Unsubscribe=One-Click\r\n", true)]
    [TestCase("application/x-www-form-urlencoded; charset=UTF-8", "a=b&List-Unsubscribe=One-Click", true)]
    [TestCase("application/x-www-form-urlencoded", "list-unsubscribe=one-click", true)]
    [TestCase("application/x-www-form-urlencoded", "List%2DUnsubscribe=One%2DClick", true)]
    [TestCase("application/x-www-form-urlencoded", "List-Unsubscribe=", false)]
    [TestCase("application/x-www-form-urlencoded", "List-Unsubscribe", false)]
    [TestCase("application/x-www-form-urlencoded", "x=List-Unsubscribe=One-Click", false)]
    [TestCase("application/x-www-form-urlencoded", "", false)]
    [TestCase("application/json", "{\"List-Unsubscribe\":\"One-Click\"}", false)]
    [TestCase("multipart/form-data; boundary=b", Part, true)]
    [TestCase("Multipart/Form-Data; boundary=b", "--b\r\ncontent-disposition: form-data; name=List-Unsubscribe\r\nContent-Type: text/plain\r\n\r\nOne-Click\r\n--b--\r\n", true)]
    [TestCase("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n" + Part, true)]
    [TestCase("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nOne-Click\r\n--b--\r\n", false)]
    [TestCase("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nNever\r\n--b--\r\n", false)]
    [TestCase("multipart/form-data; boundary=b", "List-Unsubscribe=One-Click", false)]
    public void A_body_asks_or_does_not(string? contentType, string body, bool expected) =>
        Assert.That(OneClickBody.Asks(contentType, Encoding.ASCII.GetBytes(body)), Is.EqualTo(expected));
}
