using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation.Brakes;

/// <summary>
/// Judges campaigns and accounts by hard bounces and complaints within sliding windows, and says once for each crossing what is to be done. Pure: no clock, no I/O.
/// Not thread-safe.
/// </summary>
internal sealed class BrakeMachine
{
    /// <summary>Campaigns and streams that are remembered, and accounts; about 700 octets each. Whoever is forgotten begins anew.</summary>
    public const int Bound = 50_000;

    private const byte Version = 1;

    private readonly SenderTable<BrakeSubject, BrakeTrack> _campaigns;
    private readonly SenderTable<BrakeSubject, BrakeTrack> _accounts;
    private readonly SenderCache<BrakeTrack> _recent = new();
    private BrakesOptions _options;
    private BrakeTerms _hard;
    private BrakeTerms _complaint;
    private StepClock _hardSteps;
    private StepClock _complaintSteps;

    public BrakeMachine(BrakesOptions options, int bound = Bound)
    {
        (_campaigns, _accounts, _options) = (new SenderTable<BrakeSubject, BrakeTrack>(bound), new SenderTable<BrakeSubject, BrakeTrack>(bound), options);
        (_hard, _complaint) = (BrakeTerms.Of(options.HardBounce), BrakeTerms.Of(options.Complaint));
        (_hardSteps, _complaintSteps) = (new StepClock(_hard.Window), new StepClock(_complaint.Window));
    }

    /// <summary>Subjects remembered.</summary>
    public int Count => _campaigns.Tracks.Count + _accounts.Tracks.Count;

    /// <summary>A reload. Where a window's length changed, its counts begin anew.</summary>
    public void Load(BrakesOptions options)
    {
        var (hard, complaint) = (BrakeTerms.Of(options.HardBounce), BrakeTerms.Of(options.Complaint));
        foreach (var track in _campaigns.Tracks.Concat(_accounts.Tracks))
        {
            if (hard.Window != _hard.Window)
            {
                track.Clear(BrakeRule.HardBounce);
            }

            if (complaint.Window != _complaint.Window)
            {
                track.Clear(BrakeRule.Complaint);
            }
        }

        (_options, _hard, _complaint) = (options, hard, complaint);
        (_hardSteps, _complaintSteps) = (new StepClock(_hard.Window), new StepClock(_complaint.Window));
        _recent.Clear();
    }

    /// <summary>Takes news; other kinds than deliveries, hard bounces and complaints change nothing.</summary>
    /// <param name="news">What was heard.</param>
    /// <param name="decisions">What is to be done is added.</param>
    public void Hear(in SenderNews news, List<BrakeDecision> decisions)
    {
        if (news.Kind > SenderNewsKind.Complained)
        {
            return;
        }

        var account = Find(news.CampaignMark == 0 ? news : Named(news), out var campaign);
        if (news.Kind is SenderNewsKind.Delivered)
        {
            var (hardStep, complaintStep) = (_hardSteps.StepOf(news.At), _complaintSteps.StepOf(news.At));
            account.Delivered(hardStep, complaintStep);
            campaign?.Delivered(hardStep, complaintStep);
            return;
        }

        var rule = news.Kind is SenderNewsKind.HardBounced ? BrakeRule.HardBounce : BrakeRule.Complaint;
        var step = StepOf(rule, news.At);
        account.Bad(rule, step);
        if (campaign is not null)
        {
            campaign.Bad(rule, step);
            JudgeCampaign(campaign, account, rule, news.At, decisions);
        }

        JudgeAccount(account, rule, news.At, decisions);
    }

    /// <summary>An operator ended a pause: what was counted is forgiven, to the account too, so that it is not paused again for the same.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="kind">What was paused.</param>
    /// <param name="name">Campaign or stream; empty for an account.</param>
    public void Resume(string account, BrakeSubjectKind kind, string name)
    {
        foreach (var streamClass in (ReadOnlySpan<StreamClass>)[StreamClass.Transactional, StreamClass.Marketing])
        {
            var subject = new BrakeSubject(account, kind, name, streamClass);
            var owner = _accounts.Find(new BrakeSubject(account, BrakeSubjectKind.Account, string.Empty, streamClass));
            if (kind is BrakeSubjectKind.Account)
            {
                owner?.Clear();
            }
            else if (_campaigns.Find(subject) is { } track)
            {
                owner?.Subtract(track);
                owner?.Paused.Remove(subject);
                track.Clear();
            }
        }
    }

    /// <summary>How all stand that were heard of within the windows; accounts first.</summary>
    public IEnumerable<BrakeReport> Report(DateTimeOffset now)
    {
        foreach (var track in _accounts.Tracks.Concat(_campaigns.Tracks))
        {
            var (hard, answered) = track.Count(BrakeRule.HardBounce, _hardSteps.StepOf(now));
            var (complaints, of) = track.Count(BrakeRule.Complaint, _complaintSteps.StepOf(now));
            if (answered > 0 || complaints > 0 || track.Level is not BrakeLevel.None)
            {
                yield return new BrakeReport(track.Subject, answered - hard, hard, complaints, of, track.Level);
            }
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Version);
        writer.Write(_hard.Window.Ticks);
        writer.Write(_complaint.Window.Ticks);
        foreach (var table in (ReadOnlySpan<SenderTable<BrakeSubject, BrakeTrack>>)[_accounts, _campaigns])
        {
            writer.Write(table.Tracks.Count);
            foreach (var track in table.Tracks)
            {
                track.Write(writer);
            }
        }
    }

    /// <summary>Fills a new machine.</summary>
    /// <exception cref="InvalidDataException">It was not written by <see cref="Save"/>.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public void Restore(BinaryReader reader)
    {
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("brakes of another version");
        }

        var (sameHard, sameComplaint) = (reader.ReadInt64() == _hard.Window.Ticks, reader.ReadInt64() == _complaint.Window.Ticks);
        foreach (var table in (SenderTable<BrakeSubject, BrakeTrack>[])[_accounts, _campaigns])
        {
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var track = new BrakeTrack();
                track.Read(reader);
                Keep(track, BrakeRule.HardBounce, sameHard);
                Keep(track, BrakeRule.Complaint, sameComplaint);
                table.Add(track);
            }
        }
    }

    private static void Keep(BrakeTrack track, BrakeRule rule, bool keeps)
    {
        if (!keeps)
        {
            track.Clear(rule);
        }
    }

    private BrakeTrack Find(in SenderNews news, out BrakeTrack? campaign)
    {
        var isStream = string.IsNullOrEmpty(news.Campaign);
        var name = isStream ? news.Stream ?? string.Empty : news.Campaign;
        var kind = ((int)news.Class * 2) + (isStream ? 1 : 0);
        if (!_recent.TryFind(news.Account, name, kind, out var account, out campaign))
        {
            account = _accounts.Of(BrakeSubject.OfAccount(news));
            campaign = _options.Scope is BrakeScope.Campaign ? _campaigns.Of(BrakeSubject.OfCampaign(news)) : null;
            _recent.Keep(news.Account, name, kind, account, campaign);
        }

        return account;
    }

    private long StepOf(BrakeRule rule, DateTimeOffset time) => rule is BrakeRule.HardBounce ? _hardSteps.StepOf(time) : _complaintSteps.StepOf(time);

    private ref readonly BrakeTerms TermsOf(BrakeRule rule) => ref rule is BrakeRule.HardBounce ? ref _hard : ref _complaint;

    private bool MayPause(BrakeTrack track) =>
        _options.Class.Contains(track.Subject.Class) && (track.Subject.Kind is not BrakeSubjectKind.Account || _options.Scope is BrakeScope.Account || _options.Then is BrakeNext.Account);

    // Reports are rare, campaigns of one account few. One that is not remembered any more counts for its stream.
    private SenderNews Named(in SenderNews news)
    {
        if (news.CampaignMark != 0 && string.IsNullOrEmpty(news.Campaign))
        {
            foreach (var track in _campaigns.Tracks)
            {
                var subject = track.Subject;
                if (subject.Kind is BrakeSubjectKind.Campaign && subject.Account == news.Account && subject.Class == news.Class && ReturnToken.CampaignOf(subject.Name) == news.CampaignMark)
                {
                    return news with { Campaign = subject.Name };
                }
            }
        }

        return news;
    }

    private void JudgeCampaign(BrakeTrack campaign, BrakeTrack account, BrakeRule rule, DateTimeOffset now, List<BrakeDecision> decisions)
    {
        var (bad, of) = campaign.Count(rule, StepOf(rule, now));
        if (Raise(campaign, rule, bad, of, LevelOf(rule, bad, of), now, decisions))
        {
            account.Paused.Add(campaign.Subject, now);
        }
    }

    // One bad list is an accident: without what it brought the account may be sound. Two within a window are the sender.
    private void JudgeAccount(BrakeTrack account, BrakeRule rule, DateTimeOffset now, List<BrakeDecision> decisions)
    {
        var terms = TermsOf(rule);
        var step = StepOf(rule, now);
        var (bad, of) = account.Count(rule, step);
        var level = LevelOf(rule, bad, of);
        if (level is BrakeLevel.Paused && MayPause(account) && account.Paused.Since(now - terms.Window) == 1 && _campaigns.Find(account.Paused.Last) is { } campaign)
        {
            var (itsBad, itsOf) = campaign.Count(rule, step);
            level = LevelOf(rule, bad - itsBad, Math.Max(0, of - itsOf)) is BrakeLevel.Paused ? level : BrakeLevel.Warned;
        }

        Raise(account, rule, bad, of, level, now, decisions);
    }

    private BrakeLevel LevelOf(BrakeRule rule, long bad, long of) =>
        of > 0 && (rule is BrakeRule.HardBounce ? of : bad) >= TermsOf(rule).Minimum ? TermsOf(rule).LevelOf((double)bad / of) : BrakeLevel.None;

    // True when it is paused by this.
    private bool Raise(BrakeTrack track, BrakeRule rule, long bad, long of, BrakeLevel level, DateTimeOffset now, List<BrakeDecision> decisions)
    {
        var pauses = MayPause(track);
        if (pauses && track.Level is BrakeLevel.Paused)
        {
            return false;
        }

        var terms = TermsOf(rule);
        var before = track.LevelOf(rule);
        if (level > before)
        {
            var isPause = pauses && level is BrakeLevel.Paused;
            track.SetLevel(rule, level);
            var action = !isPause ? BrakeAction.Warn : track.Subject.Kind is BrakeSubjectKind.Account ? BrakeAction.PauseAccount : BrakeAction.PauseCampaign;
            decisions.Add(new BrakeDecision(action, track.Subject, rule, bad, of, level is BrakeLevel.Paused ? terms.Pause : terms.Warn, terms.Window, now));
            return isPause;
        }

        // Hysteresis: what swings about a threshold is told once.
        if (before > level && (level is BrakeLevel.None && (of == 0 || (double)bad / of < terms.Calm || IsFew(rule, bad, of))))
        {
            track.SetLevel(rule, BrakeLevel.None);
        }

        return false;
    }

    private bool IsFew(BrakeRule rule, long bad, long of) => (rule is BrakeRule.HardBounce ? of : bad) < TermsOf(rule).Minimum;
}
