using System.Text;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Tests.Submission;

internal sealed class CommandTests
{
    [TestCase("MAIL FROM:<>", SmtpVerb.Mail, "FROM:<>")]
    [TestCase("mail  from:<> ", SmtpVerb.Mail, "from:<>")]
    [TestCase("QuIt", SmtpVerb.Quit, "")]
    [TestCase("STARTTLS", SmtpVerb.StartTls, "")]
    [TestCase("QUITE", SmtpVerb.Unknown, "")]
    [TestCase("", SmtpVerb.Unknown, "")]
    [TestCase("GET / HTTP/1.1", SmtpVerb.Http, "/ HTTP/1.1")]
    [TestCase("POST / HTTP/1.1", SmtpVerb.Http, "/ HTTP/1.1")]
    [TestCase("CONNECT a:25", SmtpVerb.Http, "a:25")]
    public void A_line_is_a_verb_and_an_argument(string line, SmtpVerb verb, string argument)
    {
        var command = CommandLine.Parse(Encoding.ASCII.GetBytes(line));

        Assert.That(command.Verb, Is.EqualTo(verb));
        Assert.That(Encoding.ASCII.GetString(command.Argument), Is.EqualTo(argument));
    }

    [TestCase("FROM:<a@b.example>", "a@b.example", "")]
    [TestCase("FROM: <a@b.example>", "a@b.example", "")]
    [TestCase("from:<> SIZE=1", "", " SIZE=1")]
    [TestCase("FROM:<@x.example,@y.example:a@b.example>", "a@b.example", "")]
    [TestCase("FROM:<\"a>b\"@c.example> BODY=7BIT", "\"a>b\"@c.example", " BODY=7BIT")]
    [TestCase("FROM:<\"a\\\"> b\"@c.example>", "\"a\\\"> b\"@c.example", "")]
    [TestCase("FROM:<a@b.example>x", null, null)]
    [TestCase("FROM:a@b.example", null, null)]
    [TestCase("FROM:<a@b.example", null, null)]
    [TestCase("TO:<a@b.example>", null, null)]
    [TestCase("FROM", null, null)]
    [TestCase("", null, null)]
    public void A_path_is_parted_from_its_parameters(string argument, string? path, string? parameters)
    {
        var isGood = PathReader.TrySplit(Encoding.ASCII.GetBytes(argument), "FROM:"u8, out var found, out var rest);

        Assert.That(isGood, Is.EqualTo(path is not null));
        Assert.That(Encoding.ASCII.GetString(found), Is.EqualTo(path ?? string.Empty));
        Assert.That(Encoding.ASCII.GetString(rest), Is.EqualTo(parameters ?? string.Empty));
    }

    [TestCase("a@BÜCHER.example", "a@xn--bcher-kva.example", Description = "an ASCII local part needs no SMTPUTF8")]
    [TestCase("jürgen@bücher.example", "jürgen@bücher.example")]
    [TestCase("a@B.example", "a@B.example", Description = "octets as given")]
    public void A_domain_beyond_ascii_becomes_a_labels_where_that_helps(string path, string wire)
    {
        Assert.That(PathReader.TryMake(Encoding.UTF8.GetBytes(path), allowUtf8: true, out var mailbox), Is.True);
        Assert.That(mailbox.ToString(), Is.EqualTo(wire));
    }

    [TestCase("", null)]
    [TestCase(" SIZE=10 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb AUTH=<>", null)]
    [TestCase(" size=10 body=7bit", null)]
    [TestCase(" SIZE=1 SIZE=1", 501)]
    [TestCase(" SIZE=", 501)]
    [TestCase(" SIZE", 501)]
    [TestCase(" SIZE=x", 501)]
    [TestCase(" SMTPUTF8=1", 501)]
    [TestCase(" RET=ALL", 501)]
    [TestCase(" ENVID=a+2bb", 501, Description = "lower-case hexadecimal")]
    [TestCase(" ENVID=a=b", 501)]
    [TestCase(" BODY=BINARYMIME", 555)]
    [TestCase(" HOLDFOR=1", 555)]
    [TestCase(" =1", 501)]
    [TestCase(" S\u00e9=1", 501)]
    public void Parameters_of_mail(string text, int? refusal)
    {
        Assert.That(MailParameters.Read(Encoding.UTF8.GetBytes(text), out _)?.Code, Is.EqualTo(refusal));
    }

    [Test]
    public void Parameters_of_mail_are_kept()
    {
        _ = MailParameters.Read("SIZE=10 SMTPUTF8 RET=FULL ENVID=QQ+3D1"u8, out var parameters);

        Assert.That(parameters, Is.EqualTo(new MailParameters(10, true, ReturnContent.Full, "QQ+3D1")));
        Assert.That(MailParameters.Read("SIZE=99999999999999999999"u8, out parameters), Is.Null);
        Assert.That(parameters.Size, Is.EqualTo(long.MaxValue));
    }

    [TestCase("", Notify.None, null, null)]
    [TestCase(" NOTIFY=NEVER", Notify.Never, null, null)]
    [TestCase(" NOTIFY=success,FAILURE,Delay", Notify.Success | Notify.Failure | Notify.Delay, null, null)]
    [TestCase(" ORCPT=rfc822;a+40b.example", Notify.None, "rfc822;a+40b.example", null)]
    [TestCase(" NOTIFY=NEVER,DELAY", Notify.None, null, 501)]
    [TestCase(" NOTIFY=", Notify.None, null, 501)]
    [TestCase(" NOTIFY=SUCCESS,", Notify.None, null, 501)]
    [TestCase(" NOTIFY=NEVER NOTIFY=NEVER", Notify.None, null, 501)]
    [TestCase(" ORCPT=a@b.example", Notify.None, null, 501)]
    [TestCase(" ORCPT=rfc822;", Notify.None, null, 501)]
    [TestCase(" ORCPT=rfc822;a b", Notify.None, null, 555)]
    [TestCase(" ORCPT", Notify.None, null, 501)]
    [TestCase(" RRVS=x", Notify.None, null, 555)]
    public void Parameters_of_rcpt(string text, Notify notify, string? original, int? refusal)
    {
        var found = RcptParameters.Read(Encoding.ASCII.GetBytes(text), isUtf8: false, out var parameters);

        Assert.That(found?.Code, Is.EqualTo(refusal));
        Assert.That(refusal is not null || parameters == new RcptParameters(notify, original), Is.True);
    }

    [TestCase("a+2Bb", true)]
    [TestCase("", true)]
    [TestCase("a+", false)]
    [TestCase("a+2", false)]
    [TestCase("+ZZ", false)]
    [TestCase("a b", false)]
    [TestCase("\u007f", false)]
    public void Xtext_is(string text, bool isValid) => Assert.That(Xtext.IsValid(Encoding.UTF8.GetBytes(text)), Is.EqualTo(isValid));
}
