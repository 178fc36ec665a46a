using System.Globalization;
using Engine.Mail;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>A receiver that does everything right but at one stage, once.</summary>
internal sealed class Receiver
{
    /// <summary>EHLO keywords.</summary>
    public string[] Offer { get; init; } = ["PIPELINING"];

    /// <summary>Where it misbehaves: Mail, Rcpt (the last recipient), Data, Dot; None for nowhere.</summary>
    public SmtpCommand At { get; init; }

    /// <summary>A reply code, <c>drop</c>, <c>close</c>, <c>garbage</c>, <c>early</c> (the right reply and one more) or <c>silence</c>.</summary>
    public string Fault { get; init; } = string.Empty;

    /// <summary>In which message of the connection, from 0.</summary>
    public int InMessage { get; init; }

    /// <summary>Recipients in each message.</summary>
    public int Recipients { get; init; } = 2;

    /// <summary>Messages taken, over all connections.</summary>
    public List<string> Taken { get; } = [];

    /// <summary>Every command line, over all connections.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>Set when the stage of the fault is reached.</summary>
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task PlayAsync(PeerTalk talk)
    {
        talk.Say("220 mx.test");
        await talk.ExpectAsync("EHLO client.test");
        talk.Say(string.Concat(Offer.Select(keyword => $"250-{keyword}\r\n").Prepend("250-mx.test\r\n")) + "250 HELP");
        var message = 0;
        var recipients = 0;
        var (isMailTaken, isAnybodyTaken) = (false, false);

        while (await talk.ReadLineAsync() is { } line)
        {
            Commands.Add(line);
            switch (line.Split(' ', ':')[0])
            {
                case "MAIL":
                    recipients = 0;
                    isAnybodyTaken = false;
                    isMailTaken = await AnswerAsync(talk, SmtpCommand.Mail, message, "250 2.1.0 Ok");
                    break;
                case "RCPT" when !isMailTaken:
                    talk.Say("503 5.5.1 MAIL first");
                    break;
                case "RCPT":
                    isAnybodyTaken |= await AnswerAsync(talk, ++recipients == Recipients ? SmtpCommand.Rcpt : SmtpCommand.None, message, "250 2.1.5 Ok");
                    break;
                case "DATA" when !isAnybodyTaken:
                    talk.Say("503 5.5.1 RCPT first");
                    break;
                case "DATA":
                    if (await AnswerAsync(talk, SmtpCommand.Data, message, "354 Go"))
                    {
                        await TakeAsync(talk, await talk.ReadContentAsync(), message++);
                    }

                    break;
                case "BDAT":
                    await TakeAsync(talk, await talk.ReadOctetsAsync(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)), message++);
                    break;
                case "QUIT":
                    talk.Say("221 2.0.0 Bye");
                    await talk.CloseAsync();
                    return;
                default:
                    talk.Say("250 2.0.0 Ok");
                    break;
            }
        }
    }

    private async Task TakeAsync(PeerTalk talk, string? content, int message)
    {
        if (content is not null && await AnswerAsync(talk, SmtpCommand.Dot, message, $"250 2.0.0 Ok: queued as {message}"))
        {
            Taken.Add(content);
        }
    }

    // True when the command was taken.
    private async Task<bool> AnswerAsync(PeerTalk talk, SmtpCommand at, int message, string right)
    {
        if (at is SmtpCommand.None || at != At || message != InMessage || Reached.Task.IsCompleted)
        {
            talk.Say(right);
            return true;
        }

        Reached.TrySetResult();
        switch (Fault)
        {
            case "drop":
                await talk.DropAsync();
                return false;
            case "close":
                await talk.CloseAsync();
                return false;
            case "silence":
                await talk.GoneAsync();
                return false;
            case "garbage":
                talk.Say("#!garbage");
                return false;
            case "early":
                talk.Say(right).Say("250 2.0.0 one too many");
                return true;
            case "421":
                talk.Say("421 4.3.2 leaving");
                await talk.CloseAsync();
                return false;
            default:
                talk.Say($"{Fault} {Fault[0]}.7.0 because");
                return Fault[0] == '2';
        }
    }
}
