using Engine.Mail;

namespace Engine.Tests.Submission;

/// <summary>What a submitter asks of TLS on the way is stored with the message. RFC 8689.</summary>
internal sealed class TlsWishTests
{
    [TestCase("", "", BodyNeeds.None)]
    [TestCase(" REQUIRETLS", "", BodyNeeds.RequireTls)]
    [TestCase("", "TLS-Required: No\r\n", BodyNeeds.TlsOptional)]
    [TestCase("", "tls-required:  no \r\n", BodyNeeds.TlsOptional)]
    [TestCase("", "TLS-Required: Yes\r\n", BodyNeeds.None, Description = "no such value")]
    [TestCase(" REQUIRETLS", "TLS-Required: No\r\n", BodyNeeds.RequireTls, Description = "the parameter wins")]
    public async Task It_is_noted(string parameter, string field, object expected)
    {
        using var rig = new DialogueRig();
        await rig.GreetAsync();
        if (parameter.Length > 0)
        {
            _ = await rig.SecureAsync();
        }

        var answer = await rig.SayAsync($"MAIL FROM:<a@acme.example>{parameter}\r\nRCPT TO:<r@b.example>\r\nDATA\r\nFrom: a@acme.example\r\n{field}\r\nx\r\n.\r\n");

        Assert.That(answer, Does.Contain("250 2.0.0"));
        var (envelope, head, _, _) = rig.Store.Next();
        Assert.That(envelope.Needs, Is.EqualTo((BodyNeeds)expected));
        Assert.That(head, Does.Contain(field), "the field goes on");
    }
}
