using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Tests.Submission;

/// <summary>A configuration with keys for tokens, and who opens them.</summary>
internal static class FeedbackRig
{
    /// <summary>Of the snapshots made here.</summary>
    public static TokenRing Ring { get; } = new([("k1", [.. Enumerable.Repeat((byte)7, 32)])], "k1");

    public static FeedbackOptions Options => new()
    {
        Complaints = ["fbl@mta1.example.com"],
        Unsubscribe = new UnsubscribeOptions { Url = "https://u.example.com/list" },
    };

    /// <summary>Names an address as a list of suppressed ones would, with a key of this test.</summary>
    public static AddressDigest DigestOf(Mailbox address)
    {
        var hash = HMACSHA256.HashData("key"u8, Encoding.UTF8.GetBytes(address.ToString().ToLowerInvariant()));
        return new AddressDigest(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(8)));
    }

    /// <param name="feedback">The section.</param>
    /// <param name="account">Changes the account acme.</param>
    /// <param name="options">Changes the rest.</param>
    public static Snapshot Snapshot(FeedbackOptions? feedback = null, Func<AccountOptions, AccountOptions>? account = null, Func<EngineOptions, EngineOptions>? options = null)
    {
        var acme = Sample.Acme with { Number = 4711 };
        var bare = Sample.Options with { Feedback = feedback ?? Options, Accounts = new Dictionary<string, AccountOptions> { ["acme"] = account?.Invoke(acme) ?? acme } };
        var all = options?.Invoke(bare) ?? bare;
        return new Snapshot(all) { Feedback = new FeedbackTerms(all, all.Accounts, Ring) };
    }

    /// <summary>What a good token says; fails the test for any other.</summary>
    public static ReturnToken Open(string text, TokenPurpose purpose, DateTimeOffset now)
    {
        Assert.That(Ring.TryOpen(Encoding.ASCII.GetBytes(text), purpose, now, TimeSpan.FromDays(14), out var token), Is.EqualTo(TokenVerdict.Good), text);
        return token;
    }

    /// <summary>The value of a field that stands once in a head, unfolded; null where there is none.</summary>
    public static string? Field(string head, string name)
    {
        string? value = null;
        var octets = Encoding.Latin1.GetBytes(head);
        foreach (var field in new HeaderWalker(octets))
        {
            if (!field.Is(Encoding.ASCII.GetBytes(name)))
            {
                continue;
            }

            Assert.That(value, Is.Null, $"{name} stands twice");
            value = Encoding.Latin1.GetString(field.Value).Replace("\r\n", string.Empty, StringComparison.Ordinal).Trim();
        }

        return value;
    }
}
