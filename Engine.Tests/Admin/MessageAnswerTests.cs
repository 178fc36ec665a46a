using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Engine.Admin;
using Engine.Queue;
using Engine.Tests.Queue;
using Microsoft.AspNetCore.Http;

namespace Engine.Tests.Admin;

[CancelAfter(30_000)]
internal sealed class MessageAnswerTests
{
    [TestCase(false, false, 0)]
    [TestCase(true, false, 0)]
    [TestCase(false, true, 0)]
    [TestCase(false, true, 100)]
    [TestCase(true, true, 300_000)]
    public async Task A_message_of_any_size_is_shown_as_far_as_wanted(bool headers, bool body, int size)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();

        // Characters of two and three octets fall on every cut; the last octet is no UTF-8.
        var text = string.Concat(Enumerable.Repeat("Grüße € \"\\\r\n", 1 + (size / 18)));
        var content = new ReadOnlySequence<byte>([.. Encoding.UTF8.GetBytes(text), 0xFF]);
        var envelope = Letters.Envelope(queue.Ids.Next(), "a@one.example");
        await queue.AcceptAsync(new NewMessage(envelope, [Letters.Head("Subject: shown")], content), TestContext.CurrentContext.CancellationToken);
        var context = new DefaultHttpContext();
        using var answer = new MemoryStream();
        context.Response.Body = answer;

        await new MessageAnswer(new JsonObject { ["id"] = "x", ["client"] = null }, queue.Operators.Read(envelope.Id), headers, body).ExecuteAsync(context);

        var json = JsonNode.Parse(answer.ToArray())!.AsObject();
        Assert.That((string?)json["id"], Is.EqualTo("x"));
        Assert.That(json.ContainsKey("client"), Is.True);
        var expected = headers || body ? "Subject: shown\r\n\r\n" + (body ? text + "\uFFFD" : string.Empty) : null;
        Assert.That((string?)json["content"], Is.EqualTo(expected));
    }

    [Test]
    public async Task A_message_that_ended_meanwhile_is_its_facts_alone()
    {
        var context = new DefaultHttpContext();
        using var answer = new MemoryStream();
        context.Response.Body = answer;

        await new MessageAnswer(new JsonObject { ["id"] = "x" }, message: null, headers: true, body: true).ExecuteAsync(context);

        Assert.That(Encoding.UTF8.GetString(answer.ToArray()), Is.EqualTo("""{"id":"x"}"""));
    }
}
