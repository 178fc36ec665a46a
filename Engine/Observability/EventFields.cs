using System.Text;
using System.Text.Json;
using Engine.Mail;

namespace Engine.Observability;

/// <summary>Names of the event log's fields and of the values that are words. Once published they do not change.</summary>
internal static class EventFields
{
    public static readonly JsonEncodedText Format = JsonEncodedText.Encode("v");
    public static readonly JsonEncodedText Node = JsonEncodedText.Encode("node");
    public static readonly JsonEncodedText Sequence = JsonEncodedText.Encode("seq");
    public static readonly JsonEncodedText EventId = JsonEncodedText.Encode("eventId");
    public static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    public static readonly JsonEncodedText Event = JsonEncodedText.Encode("event");
    public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    public static readonly JsonEncodedText MessageId = JsonEncodedText.Encode("messageId");
    public static readonly JsonEncodedText HeaderFrom = JsonEncodedText.Encode("headerFrom");
    public static readonly JsonEncodedText ReturnPath = JsonEncodedText.Encode("returnPath");
    public static readonly JsonEncodedText Client = JsonEncodedText.Encode("client");
    public static readonly JsonEncodedText Credential = JsonEncodedText.Encode("credential");
    public static readonly JsonEncodedText Dkim = JsonEncodedText.Encode("dkim");
    public static readonly JsonEncodedText DkimDomain = JsonEncodedText.Encode("d");
    public static readonly JsonEncodedText DkimSelector = JsonEncodedText.Encode("s");
    public static readonly JsonEncodedText RecipientIndex = JsonEncodedText.Encode("rcpt");
    public static readonly JsonEncodedText To = JsonEncodedText.Encode("to");
    public static readonly JsonEncodedText From = JsonEncodedText.Encode("from");
    public static readonly JsonEncodedText Account = JsonEncodedText.Encode("account");
    public static readonly JsonEncodedText Stream = JsonEncodedText.Encode("stream");
    public static readonly JsonEncodedText Campaign = JsonEncodedText.Encode("campaign");
    public static readonly JsonEncodedText Tags = JsonEncodedText.Encode("tags");
    public static readonly JsonEncodedText Domain = JsonEncodedText.Encode("domain");
    public static readonly JsonEncodedText Provider = JsonEncodedText.Encode("provider");
    public static readonly JsonEncodedText Mx = JsonEncodedText.Encode("mx");
    public static readonly JsonEncodedText MxAddress = JsonEncodedText.Encode("mxAddress");
    public static readonly JsonEncodedText Source = JsonEncodedText.Encode("source");
    public static readonly JsonEncodedText SourceAddress = JsonEncodedText.Encode("sourceAddress");
    public static readonly JsonEncodedText Pool = JsonEncodedText.Encode("pool");
    public static readonly JsonEncodedText Relay = JsonEncodedText.Encode("relay");
    public static readonly JsonEncodedText Session = JsonEncodedText.Encode("session");
    public static readonly JsonEncodedText Attempt = JsonEncodedText.Encode("attempt");
    public static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    public static readonly JsonEncodedText Enhanced = JsonEncodedText.Encode("enhanced");
    public static readonly JsonEncodedText Reply = JsonEncodedText.Encode("reply");
    public static readonly JsonEncodedText Command = JsonEncodedText.Encode("command");
    public static readonly JsonEncodedText Category = JsonEncodedText.Encode("category");
    public static readonly JsonEncodedText Disposition = JsonEncodedText.Encode("disposition");
    public static readonly JsonEncodedText Rule = JsonEncodedText.Encode("rule");
    public static readonly JsonEncodedText NextAttempt = JsonEncodedText.Encode("nextAttempt");
    public static readonly JsonEncodedText GiveUpAt = JsonEncodedText.Encode("giveUpAt");
    public static readonly JsonEncodedText Tls = JsonEncodedText.Encode("tls");
    public static readonly JsonEncodedText TlsVersion = JsonEncodedText.Encode("version");
    public static readonly JsonEncodedText TlsCipher = JsonEncodedText.Encode("cipher");
    public static readonly JsonEncodedText TlsVerified = JsonEncodedText.Encode("verified");
    public static readonly JsonEncodedText TlsProof = JsonEncodedText.Encode("proof");
    private static readonly JsonEncodedText ByDane = JsonEncodedText.Encode("dane");
    private static readonly JsonEncodedText BySts = JsonEncodedText.Encode("sts");
    private static readonly JsonEncodedText ByPkix = JsonEncodedText.Encode("pkix");
    public static readonly JsonEncodedText Queued = JsonEncodedText.Encode("queuedMs");
    public static readonly JsonEncodedText Wait = JsonEncodedText.Encode("waitMs");
    public static readonly JsonEncodedText Transaction = JsonEncodedText.Encode("transaction");
    public static readonly JsonEncodedText Size = JsonEncodedText.Encode("size");
    public static readonly JsonEncodedText Who = JsonEncodedText.Encode("who");
    public static readonly JsonEncodedText Verb = JsonEncodedText.Encode("verb");
    public static readonly JsonEncodedText Selector = JsonEncodedText.Encode("selector");
    public static readonly JsonEncodedText Count = JsonEncodedText.Encode("count");
    public static readonly JsonEncodedText Reason = JsonEncodedText.Encode("reason");

    private static readonly JsonEncodedText[] Kinds = Words<EventKind>();
    private static readonly JsonEncodedText[] Dispositions = Words<Disposition>();
    private static readonly JsonEncodedText[] Commands =
        [.. Enum.GetNames<SmtpCommand>().Select(name => JsonEncodedText.Encode(name.ToLowerInvariant()))];

    public static JsonEncodedText NameOf(EventKind kind) => Kinds[(int)kind];

    public static JsonEncodedText NameOf(Disposition disposition) => Dispositions[(int)disposition];

    public static JsonEncodedText NameOf(SmtpCommand command) => Commands[(int)command];

    // The members of these enumerations count up from 0.
    private static JsonEncodedText[] Words<T>()
        where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(name => JsonEncodedText.Encode(Hyphenated(name)))];

    private static string Hyphenated(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>Of <c>tls.proof</c>, which stands only where something was proved.</summary>
    public static JsonEncodedText ProofOf(Mail.TlsProof proof) => proof switch
    {
        Mail.TlsProof.Dane => ByDane,
        Mail.TlsProof.Sts => BySts,
        _ => ByPkix,
    };
}
