using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Classification;

/// <summary>
/// Says what a reply means: the provider's rules in order, then the generic ones; text before codes, the first that matches decides, guards have the last
/// word. Takes calls from any thread; allocates nothing for a reply once its rules were met.
/// </summary>
/// <remarks>
/// The guards: a 4xx never suppresses, and only a provider's rule may make it a failure. A 5xx that is tried again gets two more attempts. Only a reply to
/// RCPT, or to the end of the content with one recipient, may suppress or be a strike. Only replies of a peer meet rules; trouble of our own has fixed
/// judgements named <c>engine.…</c>.
/// </remarks>
internal sealed class ReplyClassifier
{
    // A 5xx is the receiver's last word; where data says that it lifts by itself, it is not asked for ever.
    private const byte FurtherAfterPermanent = 2;

    private const int LineLength = 1_280;

    // Fits the largest bounce text worth reading; what is longer is cut.
    private const int LongLineLength = 8_192;

    private readonly Judgement _unreachable = Fixed("engine.unreachable", "network", CategoryClass.Soft, Disposition.Retry, RetryKind.Default);
    private readonly Judgement _tlsPolicy = Fixed("engine.tls_policy", "remote_config", CategoryClass.Soft, Disposition.Retry, RetryKind.Default);
    private readonly Judgement _uncertain = Fixed("engine.uncertain", "network", CategoryClass.Soft, Disposition.Retry, RetryKind.Uncertain);
    private readonly Judgement _unroutable = Fixed("engine.unroutable", "bad_domain", CategoryClass.Hard, Disposition.Fail, RetryKind.Default);
    private readonly Judgement _expired = Fixed("engine.expired", "expired", CategoryClass.Hard, Disposition.Fail, RetryKind.Default);
    private readonly Judgement _offer = Fixed("engine.not_offered", "message_format", CategoryClass.Content, Disposition.Fail, RetryKind.Default);
    private readonly Judgement _unknown = Fixed("engine.unknown", "unknown", CategoryClass.Soft, Disposition.Fail, RetryKind.Default);
    private Tables _tables;

    public ReplyClassifier(ProviderBook? book = null) => _tables = new Tables(book ?? ProviderBook.Shipped);

    /// <summary>Goes over to other data, as after a reload. Replies being judged meanwhile are judged by either.</summary>
    public void Use(ProviderBook book)
    {
        if (!ReferenceEquals(Volatile.Read(ref _tables).Book, book))
        {
            Volatile.Write(ref _tables, new Tables(book));
        }
    }

    /// <summary>Judges any outcome but <see cref="OutcomeKind.Delivered"/> and <see cref="OutcomeKind.Local"/>, which need no judgement.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="provider">Id of the provider whose host answered; null for none.</param>
    public Judgement Judge(in Outcome outcome, string? provider = null) => outcome.Kind switch
    {
        OutcomeKind.Refused => JudgeReply(provider, outcome.Code, outcome.Enhanced, outcome.Text ?? string.Empty, outcome.Command, outcome.Recipients),
        OutcomeKind.Uncertain => _uncertain,
        OutcomeKind.Unroutable => _unroutable,
        OutcomeKind.Expired => _expired,
        OutcomeKind.NotOffered => _offer,

        // No session came to what DANE, MTA-STS or our own policy ask: X.7.5 of RFC 3463. The receiver's trouble, and no source's.
        OutcomeKind.Unreachable when outcome.Enhanced is { Class: 4, Subject: 7 } => _tlsPolicy,
        _ => _unreachable,
    };

    /// <summary>Judges a reply as if a RCPT had got it, by the generic rules.</summary>
    public Judgement JudgeReply(ushort code, EnhancedCode enhanced, string text) => JudgeReply(null, code, enhanced, text, SmtpCommand.Rcpt, 1);

    /// <summary>Judges a peer's reply.</summary>
    /// <param name="provider">Id of the provider whose host answered; null, or one the data does not know, for none.</param>
    /// <param name="code">Reply code; 0 where there is none, as in a bounce: then only texts count, and the class of <paramref name="enhanced"/>.</param>
    /// <param name="enhanced">Enhanced code; the default value for none.</param>
    /// <param name="text">All lines joined by a blank, without codes.</param>
    /// <param name="command">The command it answers.</param>
    /// <param name="recipients">How many recipients shared the transaction.</param>
    public Judgement JudgeReply(string? provider, ushort code, EnhancedCode enhanced, ReadOnlySpan<char> text, SmtpCommand command, int recipients)
    {
        code = code == 0 && enhanced.Class is 4 or 5 ? (ushort)((enhanced.Class * 100) + 50) : code;
        var rule = Find(provider, code, enhanced, text);
        return rule is null ? _unknown : Guarded(rule, code, command is SmtpCommand.Rcpt || (command is SmtpCommand.Dot && recipients == 1));
    }

    /// <summary>The rule that decides, before the guards; null when none matches.</summary>
    public ReplyRule? Find(string? provider, ushort code, EnhancedCode enhanced, ReadOnlySpan<char> text)
    {
        if (text.Length > LineLength - ReplyLine.HeadLength)
        {
            return FindLong(provider, code, enhanced, text);
        }

        Span<char> line = stackalloc char[LineLength];
        return Volatile.Read(ref _tables).First(provider, code, line[..ReplyLine.Write(code, enhanced, text, line)]);
    }

    private ReplyRule? FindLong(string? provider, ushort code, EnhancedCode enhanced, ReadOnlySpan<char> text)
    {
        var line = new char[LongLineLength];
        var cut = text[..Math.Min(text.Length, LongLineLength - ReplyLine.HeadLength)];
        return Volatile.Read(ref _tables).First(provider, code, line.AsSpan(0, ReplyLine.Write(code, enhanced, cut, line)));
    }

    private static Judgement Guarded(ReplyRule rule, ushort code, bool blamesRecipient)
    {
        var judgement = new Judgement(rule);
        if (code is >= 400 and < 500)
        {
            var isFailure = judgement.Disposition is Disposition.Suppress || (judgement.Disposition is Disposition.Fail && rule.Rule.Provider is null);
            judgement = isFailure ? judgement with { Disposition = Disposition.Retry, Schedule = RetryKind.Default } : judgement;
            return judgement with { IsStrike = rule.Rule.IsStrike && blamesRecipient };
        }

        if (judgement.Disposition is Disposition.Suppress && (!blamesRecipient || !rule.MaySuppress))
        {
            judgement = judgement with { Disposition = Disposition.Fail };
        }

        var triesAgain = judgement.Disposition is Disposition.Retry or Disposition.RetryOtherSource or Disposition.RetryOtherMx or Disposition.RetryTls;
        return judgement with
        {
            IsHard = judgement.Disposition is Disposition.Suppress,
            IsStrike = rule.Rule.IsStrike && blamesRecipient,
            MaxFurtherAttempts = triesAgain ? FurtherAfterPermanent : null,
        };
    }

    private static Judgement Fixed(string id, string category, CategoryClass kind, Disposition disposition, RetryKind schedule) =>
        new(ReplyRule.Fixed(id, category, kind, disposition, schedule));

    // One for each book; providers' sets are made when their first reply comes.
    private sealed class Tables
    {
        private readonly FrozenDictionary<string, Lazy<RuleSet>> _own;
        private readonly RuleSet _generic;

        public Tables(ProviderBook book)
        {
            Book = book;
            _generic = new RuleSet(book.Rules.Select(rule => ReplyRule.Of(rule, null, book)));
            _own = book.Providers
                .Where(static provider => provider.Rules.Count > 0)
                .ToFrozenDictionary(static provider => provider.Id, provider => new Lazy<RuleSet>(() => new RuleSet(provider.Rules.Select(rule => ReplyRule.Of(rule, provider, book)))));
        }

        public ProviderBook Book { get; }

        public ReplyRule? First(string? provider, ushort code, ReadOnlySpan<char> line) =>
            (provider is not null && _own.TryGetValue(provider, out var own) ? own.Value.First(code, line) : null) ?? _generic.First(code, line);
    }
}
