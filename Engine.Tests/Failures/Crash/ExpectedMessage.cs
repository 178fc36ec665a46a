namespace Engine.Tests.Failures.Crash;

/// <summary>What may be found of a message. Never changed in place.</summary>
/// <param name="Letter">What it says.</param>
/// <param name="IsCertain">False while it was submitted and not acknowledged: it may be there or not.</param>
/// <param name="LeastVersion">Of head 0, that is stable.</param>
/// <param name="MostVersion">Of head 0, that was asked for.</param>
internal sealed record ExpectedMessage(Letter Letter, bool IsCertain, int LeastVersion, int MostVersion)
{
    public IReadOnlyList<ExpectedRecipient> Recipients { get; private init; } = new ExpectedRecipient[Letter.Recipients];

    /// <summary>Nothing of it may be there.</summary>
    public bool IsGone => Recipients.All(static recipient => recipient.IsGone);

    /// <summary>The same with recipients changed.</summary>
    public ExpectedMessage With(Func<ExpectedRecipient, ExpectedRecipient> change) => this with { Recipients = [.. Recipients.Select(change)] };

    /// <summary>The same with one recipient changed.</summary>
    public ExpectedMessage With(int recipient, Func<ExpectedRecipient, ExpectedRecipient> change) =>
        this with { Recipients = [.. Recipients.Select((old, at) => at == recipient ? change(old) : old)] };

    /// <summary>It can only be what was found.</summary>
    public ExpectedMessage Exactly(FoundMessage found) => this with
    {
        IsCertain = true,
        LeastVersion = found.Version,
        MostVersion = found.Version,
        Recipients = [.. found.Recipients.Select(ExpectedRecipient.Exactly)],
    };

    /// <summary>Why what was found cannot be; null when it can.</summary>
    public string? Differs(FoundMessage found)
    {
        if (!IsCertain && found.IsGone)
        {
            return null;
        }

        for (var at = 0; at < Recipients.Count; at++)
        {
            if (Recipients[at].Differs(found.Recipients[at]) is { } reason)
            {
                return $"message {Letter.Id}, recipient {at} {reason}";
            }
        }

        return !found.IsGone && found.Damage is null && (found.Version < LeastVersion || found.Version > MostVersion)
            ? $"message {Letter.Id} has version {found.Version} of its head, from {LeastVersion} to {MostVersion} may be"
            : null;
    }
}
