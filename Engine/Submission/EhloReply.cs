using System.Buffers;
using System.Globalization;
using Engine.Configuration;

namespace Engine.Submission;

/// <summary>EHLO: the name a client gives, and what we offer.</summary>
internal static class EhloReply
{
    private const int MaxName = 255;

    private static readonly SearchValues<byte> NameOctets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:[]"u8);

    /// <summary>Clients behind NAT have no name of worth, so any word that is safe in a Received field is taken.</summary>
    public static bool IsName(ReadOnlySpan<byte> argument) => argument.Length is > 0 and <= MaxName && !argument.ContainsAnyExcept(NameOctets);

    public static Reply For(EngineOptions options, bool offersStartTls, bool offersAuth, bool offersRequireTls) => new(250, default, string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {options.Hostname}
        PIPELINING
        SIZE {options.Queue.MaxMessageSize.Octets}
        {(offersStartTls ? "STARTTLS\n" : string.Empty)}{(offersAuth ? "AUTH PLAIN LOGIN\n" : string.Empty)}ENHANCEDSTATUSCODES
        8BITMIME
        SMTPUTF8
        DSN
        CHUNKING
        {(offersRequireTls ? "REQUIRETLS\n" : string.Empty)}LIMITS RCPTMAX={options.Queue.MaxRecipients}
        """));

    /// <summary>What a feedback listener offers. Not DSN: nothing is passed on, so nobody is told of its fate. Not CHUNKING, to keep the door small.</summary>
    public static Reply ForFeedback(EngineOptions options, bool offersStartTls) => new(250, default, string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {options.Hostname}
        PIPELINING
        SIZE {FeedbackMachine.MaxSize(options)}
        {(offersStartTls ? "STARTTLS\n" : string.Empty)}ENHANCEDSTATUSCODES
        8BITMIME
        SMTPUTF8
        LIMITS RCPTMAX={FeedbackMachine.MaxRecipients}
        """));
}
