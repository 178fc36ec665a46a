using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class SmtpOpeningTests
{
    // "+" is an EHLO reply that offers STARTTLS, "tls" a handshake that succeeded.
    [TestCase("220", TlsPolicy.Opportunistic, OpeningStep.SendEhlo)]
    [TestCase("554", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("421", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("354", TlsPolicy.Opportunistic, OpeningStep.Close)]
    [TestCase("220 250", TlsPolicy.Opportunistic, OpeningStep.Ready)]
    [TestCase("220 250", TlsPolicy.Off, OpeningStep.Ready)]
    [TestCase("220 250", TlsPolicy.Required, OpeningStep.NoTls)]
    [TestCase("220 +", TlsPolicy.Opportunistic, OpeningStep.SendStartTls)]
    [TestCase("220 +", TlsPolicy.Required, OpeningStep.SendStartTls)]
    [TestCase("220 +", TlsPolicy.Off, OpeningStep.Ready)]
    [TestCase("220 250", TlsPolicy.Verified, OpeningStep.NoTls)]
    [TestCase("220 +", TlsPolicy.Verified, OpeningStep.SendStartTls)]
    [TestCase("220 + 454", TlsPolicy.Verified, OpeningStep.Refused)]
    [TestCase("220 450", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("220 421", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("220 354", TlsPolicy.Opportunistic, OpeningStep.Close)]
    [TestCase("220 502", TlsPolicy.Opportunistic, OpeningStep.SendHelo)]
    [TestCase("220 502 250", TlsPolicy.Opportunistic, OpeningStep.Ready)]
    [TestCase("220 502 250", TlsPolicy.Required, OpeningStep.NoTls)]
    [TestCase("220 502 502", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("220 502 +", TlsPolicy.Opportunistic, OpeningStep.Ready, Description = "HELO offers nothing, whatever it says")]
    [TestCase("220 + 220", TlsPolicy.Opportunistic, OpeningStep.Secure)]
    [TestCase("220 + 454", TlsPolicy.Opportunistic, OpeningStep.Ready)]
    [TestCase("220 + 502", TlsPolicy.Opportunistic, OpeningStep.Ready)]
    [TestCase("220 + 454", TlsPolicy.Required, OpeningStep.Refused)]
    [TestCase("220 + 421", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("220 + 354", TlsPolicy.Opportunistic, OpeningStep.Close)]
    [TestCase("220 + 220 tls", TlsPolicy.Required, OpeningStep.SendEhlo)]
    [TestCase("220 + 220 tls 250", TlsPolicy.Required, OpeningStep.Ready)]
    [TestCase("220 + 220 tls +", TlsPolicy.Opportunistic, OpeningStep.Ready, Description = "STARTTLS once")]
    [TestCase("220 + 220 tls 502", TlsPolicy.Opportunistic, OpeningStep.SendHelo)]
    [TestCase("220 + 220 tls 502 250", TlsPolicy.Required, OpeningStep.Ready)]
    public void Replies_lead_to(string replies, TlsPolicy policy, OpeningStep expected)
    {
        Assert.That(Run(replies, policy).Step, Is.EqualTo(expected));
    }

    // "plain", "login" and "both" are EHLO replies that offer these mechanisms; "+plain" offers STARTTLS too.
    [TestCase("220 250", TlsPolicy.Off, LoginPolicy.Clear, OpeningStep.NoLogin)]
    [TestCase("220 plain", TlsPolicy.Off, LoginPolicy.Clear, OpeningStep.SendAuthPlain)]
    [TestCase("220 plain", TlsPolicy.Off, LoginPolicy.None, OpeningStep.Ready)]
    [TestCase("220 plain", TlsPolicy.Off, LoginPolicy.Encrypted, OpeningStep.NoLogin)]
    [TestCase("220 plain", TlsPolicy.Opportunistic, LoginPolicy.Encrypted, OpeningStep.NoLogin)]
    [TestCase("220 plain", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.NoTls)]
    [TestCase("220 +plain", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.SendStartTls)]
    [TestCase("220 +plain 454", TlsPolicy.Opportunistic, LoginPolicy.Encrypted, OpeningStep.NoLogin, Description = "no TLS came about: the password stays here")]
    [TestCase("220 +plain 220 tls 250", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.NoLogin, Description = "what was offered in the clear does not count")]
    [TestCase("220 + 220 tls plain", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.SendAuthPlain)]
    [TestCase("220 + 220 tls both", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.SendAuthPlain)]
    [TestCase("220 + 220 tls login", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.SendAuthLogin)]
    [TestCase("220 + 220 tls 502 250", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.NoLogin, Description = "HELO offers none")]
    [TestCase("220 + 220 tls plain 235", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Ready)]
    [TestCase("220 + 220 tls plain 334", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Close)]
    [TestCase("220 + 220 tls plain 535", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Refused)]
    [TestCase("220 + 220 tls both 535", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Refused, Description = "a wrong password is wrong in any mechanism")]
    [TestCase("220 + 220 tls both 504", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.SendAuthLogin)]
    [TestCase("220 + 220 tls both 534", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.SendAuthLogin)]
    [TestCase("220 + 220 tls plain 534", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Refused)]
    [TestCase("220 + 220 tls plain 454", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Refused)]
    [TestCase("220 + 220 tls plain 421", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Refused)]
    [TestCase("220 + 220 tls login 334", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.SendUser)]
    [TestCase("220 + 220 tls login 334 334", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.SendPassword)]
    [TestCase("220 + 220 tls login 334 334 235", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Ready)]
    [TestCase("220 + 220 tls login 334 334 334", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Close)]
    [TestCase("220 + 220 tls login 334 334 535", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Refused)]
    [TestCase("220 + 220 tls login 235", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Close)]
    [TestCase("220 + 220 tls login 535", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Refused)]
    [TestCase("220 + 220 tls both 504 334 334 235", TlsPolicy.Required, LoginPolicy.Encrypted, OpeningStep.Ready)]
    public void A_login_comes_last_and_never_in_the_clear_unless_told_so(string replies, TlsPolicy policy, LoginPolicy login, OpeningStep expected)
    {
        var (step, opening) = Run(replies, new OpeningTerms(policy, login));

        Assert.That(step, Is.EqualTo(expected));
        Assert.That(opening.Awaits is SmtpCommand.Auth, Is.EqualTo(step is OpeningStep.SendAuthPlain or OpeningStep.SendAuthLogin or OpeningStep.SendUser or OpeningStep.SendPassword));
    }

    [TestCase("220", "text", OpeningStep.Ourselves, Description = "the greeting names it")]
    [TestCase("220", "TEXT", OpeningStep.Ourselves)]
    [TestCase("220", "tex", OpeningStep.SendEhlo)]
    [TestCase("220 +", "mx", OpeningStep.Ourselves, Description = "EHLO's answer names it")]
    [TestCase("220 502 250", "text", OpeningStep.Ourselves)]
    public void A_server_with_a_name_of_our_own_is_ourselves(string replies, string self, OpeningStep expected)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { self };

        Assert.That(Run(replies, new OpeningTerms(TlsPolicy.Off, Self: names), stopAt: OpeningStep.Ourselves).Step, Is.EqualTo(expected));
    }

    [TestCase("220 +", Extensions.StartTls)]
    [TestCase("220 + 454", Extensions.StartTls)]
    [TestCase("220 + 220 tls", Extensions.None, Description = "what was said in the clear is forgotten")]
    [TestCase("220 + 220 tls 250", Extensions.None)]
    [TestCase("220 502 +", Extensions.None)]
    public void The_offer_in_force_is_the_last(string replies, Extensions expected)
    {
        Assert.That(Run(replies, TlsPolicy.Opportunistic).Opening.Offer.Extensions, Is.EqualTo(expected));
    }

    [TestCase("", SmtpCommand.Connect)]
    [TestCase("220", SmtpCommand.Ehlo)]
    [TestCase("220 502", SmtpCommand.Ehlo)]
    [TestCase("220 +", SmtpCommand.StartTls)]
    [TestCase("220 + 220 tls", SmtpCommand.Ehlo)]
    [TestCase("220 250", SmtpCommand.None)]
    public void It_knows_whose_reply_comes_next(string replies, SmtpCommand awaits)
    {
        Assert.That(Run(replies, TlsPolicy.Opportunistic).Opening.Awaits, Is.EqualTo(awaits));
    }

    [Test]
    public void Nothing_is_accepted_after_the_end()
    {
        var opening = Run("220 250", TlsPolicy.Off).Opening;

        Assert.That(() => opening.Accept(Reply("250")), Throws.InvalidOperationException);
    }

    [TestCase("220 + 220 tls requiretls", OpeningStep.Ready, true)]
    [TestCase("220 + 220 tls 250", OpeningStep.NoRequireTls, false)]
    [TestCase("220 +requiretls 220 tls 250", OpeningStep.NoRequireTls, false, Description = "what was offered in the clear does not count")]
    [TestCase("220 + 220 tls 502 250", OpeningStep.NoEhlo, false, Description = "HELO cannot say")]
    public void REQUIRETLS_is_looked_for_within_TLS(string replies, OpeningStep expected, bool isOffered)
    {
        var (step, opening) = Run(replies, new OpeningTerms(TlsPolicy.Verified) { NeedsRequireTls = true });

        Assert.That((step, opening.Offer.Has(Extensions.RequireTls)), Is.EqualTo((expected, isOffered)));
    }

    [Test]
    public void REQUIRETLS_offered_in_the_clear_is_none() =>
        Assert.That(Run("220 requiretls", TlsPolicy.Opportunistic).Opening.Offer.Has(Extensions.RequireTls), Is.False);

    private static (OpeningStep Step, SmtpOpening Opening) Run(string replies, TlsPolicy policy) => Run(replies, new OpeningTerms(policy));

    private static (OpeningStep Step, SmtpOpening Opening) Run(string replies, OpeningTerms terms, OpeningStep? stopAt = null)
    {
        var opening = new SmtpOpening(terms);
        var step = OpeningStep.Close;
        foreach (var reply in replies.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            step = reply is "tls" ? opening.OnSecured() : opening.Accept(Reply(reply));
            if (step == stopAt)
            {
                break;
            }
        }

        return (step, opening);
    }

    private static Reply Reply(string code)
    {
        var text = code switch
        {
            "+" => "250-mx\r\n250 STARTTLS\r\n",
            "+plain" => "250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
            "plain" => "250-mx\r\n250 AUTH PLAIN CRAM-MD5\r\n",
            "login" => "250-mx\r\n250-AUTH=LOGIN\r\n250 AUTH CRAM-MD5\r\n",
            "+requiretls" => "250-mx\r\n250-REQUIRETLS\r\n250 STARTTLS\r\n",
            "requiretls" => "250-mx\r\n250 REQUIRETLS\r\n",
            "both" => "250-mx\r\n250 auth login plain\r\n",
            _ => $"{code} text\r\n",
        };
        var reader = new ReplyReader(Bytes.Whole(text));
        return reader.TryRead(out var reply) is ReadResult.Complete ? reply : throw new FormatException(code);
    }
}
