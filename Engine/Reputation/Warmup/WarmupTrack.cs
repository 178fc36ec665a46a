using System.Collections.Concurrent;
using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>
/// Where one source or sender domain stands at one operator. A pure machine; whoever owns it holds its lock. Table of a day's turn:
/// <code>
/// the day had        no mail   a share over its bound   over twice   held   too little   else
/// the step           stays     stays                    −1           stays  stays        +1
/// </code>
/// And −1 for every <c>idle</c> that passes without mail, to 0 after <c>restart</c>: those hold for a warm one, too.
/// </summary>
/// <param name="key">What and where.</param>
/// <param name="subject">Of which book, for changes.</param>
/// <param name="sink">Takes changes.</param>
internal sealed class WarmupTrack(WarmupKey key, WarmupSubject subject, ConcurrentQueue<WarmupChange> sink)
{
    /// <summary>Recipients before a running share is believed.</summary>
    public const int MinimumSample = 20;

    /// <summary>Deferred one after another for the sender's sake: a share would take thousands to show what these say.</summary>
    public const int ShutAfter = 10;

    private const int NoCut = -1;
    private const int LeastProbes = 5;
    private const int MostProbes = 50;
    private const int ProbesPerAllowance = 50;
    private const int HoursPerDay = 24;
    private const int PastDays = 7;
    private const double WorthTelling = 0.1;

    public WarmupKey Key => key;

    public required WarmupPlan Plan { get; set; }

    /// <summary>Recipients an hour that the operator takes from a new address; 0 for none.</summary>
    public int HourlyCap { get; set; }

    /// <summary>Earned days; the number of steps when warm.</summary>
    public required int Step { get; set; }

    /// <summary>The local day that is counted, as of <see cref="LocalDay.Number"/>.</summary>
    public required int Day { get; set; }

    public WarmupCounts Counts { get; set; }

    public required DateTimeOffset LastUse { get; set; }

    /// <summary>Allowance of the rest of a day in which a bound was passed; −1 for none.</summary>
    public int CutTo { get; set; } = NoCut;

    /// <summary>Steps gone back in the present silence.</summary>
    public int IdleSteps { get; set; }

    /// <summary>Of the last days with mail, newest in the lowest bit, which were earned.</summary>
    public int Past { get; set; }

    /// <summary>How many days <see cref="Past"/> speaks of, up to 7.</summary>
    public int PastCount { get; set; }

    public WarmupHold Why { get; set; }

    /// <summary>Counts of the day that <see cref="Why"/> judged.</summary>
    public WarmupCounts WhyCounts { get; set; }

    /// <summary>When the operator's order was given that was last carried out.</summary>
    public DateTimeOffset OrderedAt { get; set; }

    /// <summary>Deferred without one taken between them.</summary>
    public int Run { get; private set; }

    /// <summary>It was forgotten; whoever still holds it must look again.</summary>
    public bool IsGone { get; set; }

    public bool IsWarm => Step >= Plan.Steps.Length;

    /// <summary>Recipients of a whole day at this step.</summary>
    public long StepAllowance => AllowanceOf(Plan, Step, HourlyCap);

    public long DayAllowance => CutTo == NoCut ? StepAllowance : CutTo;

    public bool IsCut => CutTo != NoCut;

    /// <summary>Recipients a day at a step: not more than a day of the hourly bound of an operator to whom the address is new.</summary>
    public static long AllowanceOf(WarmupPlan plan, int step, int cap) => step >= plan.Steps.Length
        ? long.MaxValue
        : CapOf(plan, step, cap) is > 0 and var hourly ? Math.Min(plan.Steps[step], (long)hourly * HoursPerDay) : plan.Steps[step];

    /// <summary>The operator's bound while the address is new to it; 0 when it is not, or has none.</summary>
    public static int CapOf(WarmupPlan plan, int step, int cap) => step < plan.NewSteps ? cap : 0;

    public WarmupPace Pace()
    {
        var pace = WarmupPace.Of(StepAllowance, Plan.Options.Hourly, CapOf(Plan, Step, HourlyCap));
        return IsCut ? pace.Probing : pace;
    }

    /// <summary>Counts; allocates nothing unless a bound is passed.</summary>
    public void Count(int used, int deferred, int hard, int complaints, DateTimeOffset at)
    {
        Counts = new WarmupCounts(Counts.Used + used, Counts.Deferred + deferred, Counts.Hard + hard, Counts.Complaints + complaints, Counts.Before);
        if (used > 0 && at > LastUse)
        {
            (LastUse, IdleSteps) = (at, 0);
        }

        Run = deferred > 0 ? Run + deferred : used > 0 ? 0 : Run;
        if (!IsWarm && !IsCut && deferred + hard + complaints > 0)
        {
            CutIfBad(at);
        }
    }

    /// <summary>Ends the days before this one.</summary>
    /// <param name="today">The present day.</param>
    /// <param name="isHeld">An operator holds it.</param>
    public void Turn(LocalDay today, bool isHeld)
    {
        if (today.Number <= Day)
        {
            return;
        }

        if (Counts.Used > 0 && !IsWarm)
        {
            Judge(today.Start, isHeld);
        }

        // Complaints about the last mail that come on a day without any are judged with the next mail.
        Counts = Counts.Used > 0 ? new WarmupCounts(0, 0, 0, 0, Counts.Used) : new WarmupCounts(0, 0, 0, Counts.Complaints, Counts.Before);
        (Day, CutTo, Run) = (today.Number, NoCut, 0);
        Rest(today.Start);
    }

    /// <summary>Puts it at a step; every order is carried out once.</summary>
    public void Order(int step, DateTimeOffset given, DateTimeOffset now)
    {
        if (given <= OrderedAt)
        {
            return;
        }

        var from = Step;
        (OrderedAt, Step, CutTo, IdleSteps) = (given, Math.Min(step, Plan.Steps.Length), NoCut, 0);
        (Why, WhyCounts, LastUse) = (WarmupHold.None, default, now > LastUse ? now : LastUse);
        if (from != Step)
        {
            Tell(now, WarmupMove.Ordered, WarmupHold.Order, from, Counts);
        }
    }

    /// <summary>Takes another plan at the step whose allowance is nearest below; warm stays warm.</summary>
    public void Follow(WarmupPlan plan)
    {
        if (ReferenceEquals(plan, Plan))
        {
            return;
        }

        if (!plan.Steps.SequenceEqual(Plan.Steps))
        {
            Step = IsWarm ? plan.Steps.Length : StepFor(plan, Plan.Steps[Step]);
        }

        Plan = plan;
    }

    /// <summary>The step of a plan whose allowance is nearest below.</summary>
    public static int StepFor(WarmupPlan plan, long allowance)
    {
        var step = plan.Steps.Length - 1;
        while (step > 0 && plan.Steps[step] > allowance)
        {
            step--;
        }

        return step;
    }

    private void CutIfBad(DateTimeOffset at)
    {
        var fault = Run >= ShutAfter ? WarmupHold.Shut
            : Counts.Used >= MinimumSample ? WarmupJudgement.Of(Counts, Plan.Options.AdvanceIf).Fault
            : WarmupHold.None;
        if (fault is WarmupHold.None)
        {
            return;
        }

        var probes = Math.Clamp(StepAllowance / ProbesPerAllowance, LeastProbes, MostProbes);
        (CutTo, Why, WhyCounts) = ((int)Math.Min(StepAllowance, Counts.Used + probes), fault, Counts);
        Tell(at, WarmupMove.Cut, Why, Step, Counts);
    }

    private void Judge(DateTimeOffset at, bool isHeld)
    {
        var judgement = WarmupJudgement.Of(Counts, Plan.Options.AdvanceIf);
        var (from, before) = (Step, Why);
        var fault = judgement.Fault is not WarmupHold.None ? judgement.Fault
            : IsCut ? Why
            : isHeld ? WarmupHold.Order
            : Counts.Used < Plan.Options.AdvanceIf.Used * StepAllowance ? WarmupHold.TooLittle
            : WarmupHold.None;
        var allowance = StepAllowance;
        Remember(fault is WarmupHold.None);
        (Why, WhyCounts) = (fault, Counts);
        if (fault is WarmupHold.None)
        {
            Step++;
            Tell(at, IsWarm ? WarmupMove.Done : WarmupMove.Advanced, WarmupHold.None, from, Counts);
        }
        else if (judgement.IsGross && Step > 0)
        {
            Step--;
            Tell(at, WarmupMove.SteppedBack, fault, from, Counts);
        }
        else if (IsWorthTelling(fault, before, allowance))
        {
            Tell(at, WarmupMove.Held, fault, from, Counts);
        }
    }

    // Small destinations never fill an allowance, every day anew: that is told once, and only where it was a good try.
    private bool IsWorthTelling(WarmupHold fault, WarmupHold before, long allowance) => fault switch
    {
        WarmupHold.TooLittle => before != fault && Counts.Used >= WorthTelling * allowance,
        WarmupHold.Order => before != fault,
        _ => true,
    };

    private void Rest(DateTimeOffset at)
    {
        var (silence, from) = (at - LastUse, Step);
        if (Step > 0 && silence >= Plan.Options.Restart)
        {
            (Step, Why, WhyCounts, Past, PastCount) = (0, WarmupHold.Restart, default, 0, 0);
            Tell(at, WarmupMove.StartedOver, Why, from, default);
            return;
        }

        var due = (int)(silence / Plan.Options.Idle);
        if (due <= IdleSteps)
        {
            return;
        }

        (Step, IdleSteps) = (Math.Max(0, Step - (due - IdleSteps)), due);
        if (Step < from)
        {
            (Why, WhyCounts) = (WarmupHold.Idle, default);
            Tell(at, WarmupMove.SteppedBack, Why, from, default);
        }
    }

    private void Remember(bool earned) =>
        (Past, PastCount) = (((Past << 1) | (earned ? 1 : 0)) & ((1 << PastDays) - 1), Math.Min(PastCount + 1, PastDays));

    private void Tell(DateTimeOffset at, WarmupMove move, WarmupHold why, int from, in WarmupCounts counts) => sink.Enqueue(new WarmupChange
    {
        At = at,
        Subject = subject,
        Key = key,
        Move = move,
        Why = why,
        Plan = Plan.Name,
        From = from,
        To = Step,
        Steps = Plan.Steps.Length,
        Allowance = IsWarm ? 0 : DayAllowance,
        Counts = counts,
        Bounds = Plan.Options.AdvanceIf,
    });
}
