using System.Text;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>Sessions that made other servers stumble: as they stand and with CRLF, at every segment cut.</summary>
internal sealed class FuzzSeedTests
{
    private static IEnumerable<TestCaseData> Sessions() => Seeds("fuzz-seeds/smtp-session");

    private static IEnumerable<TestCaseData> Plain() => Seeds("fuzz-seeds/auth-plain");

    private static IEnumerable<TestCaseData> Seeds(string folder)
    {
        if (SharedFiles.Find(folder) is not { } path)
        {
            yield return new TestCaseData("absent").Ignore($"no {folder} in the shared test data");
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(path).Order(StringComparer.Ordinal))
        {
            yield return new TestCaseData(file).SetArgDisplayNames(Path.GetFileName(file));
        }
    }

    [TestCaseSource(nameof(Sessions))]
    public async Task A_session_is_answered_the_same_at_every_cut(string file)
    {
        foreach (var octets in new[] { GoLiteral.LastOf(file), Crlf(GoLiteral.LastOf(file)) })
        {
            using var whole = Rig();
            var expected = await whole.FeedAsync(octets);

            for (var cut = 0; cut < octets.Length; cut++)
            {
                using var rig = Rig();
                var said = await rig.FeedAsync(octets.AsMemory(0, cut)) + await rig.FeedAsync(octets.AsMemory(cut));

                Assert.That(said, Is.EqualTo(expected), $"cut at {cut}");
                Assert.That(rig.Store.Count, Is.EqualTo(whole.Store.Count).And.LessThanOrEqualTo(1));
            }
        }
    }

    // With line ends as they should be: what is wrong in the seeds is refused, what is right is taken.
    [TestCase("bf15e6fb93779525", "250 250 501 554 500 500 500 500 500 500 500 221")]
    [TestCase("a24124ade554d7a2", "501 501 250")]
    [TestCase("83ab02fccf91c1b9", "250 501 501 501 250 503")]
    public async Task The_replies_are(string seed, string codes)
    {
        using var rig = Rig();
        var said = await rig.FeedAsync(Crlf(GoLiteral.LastOf(SharedFiles.Path($"fuzz-seeds/smtp-session/{seed}"))));

        Assert.That(string.Join(' ', said.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line[3] == ' ').Select(line => line[..3])), Is.EqualTo(codes));
        Assert.That(rig.Store.Count, Is.Zero);
    }

    [TestCaseSource(nameof(Plain))]
    public void An_auth_response_never_makes_a_login_of_somebody_else(string file)
    {
        foreach (var response in new[] { GoLiteral.LastOf(file), Encoding.ASCII.GetBytes(Convert.ToBase64String(GoLiteral.LastOf(file))) })
        {
            var dialogue = default(AuthDialogue);
            var reply = dialogue.Begin([.. "PLAIN "u8, .. response], out var login);

            Assert.That(reply is { IsRefusal: true } || login.Name is "" or "u@d", Is.True, $"{login.Name}");
            Assert.That(dialogue.IsOpen, Is.False);
        }
    }

    private static DialogueRig Rig() => new();

    private static byte[] Crlf(byte[] octets) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(octets).Replace("\n", "\r\n", StringComparison.Ordinal));
}
