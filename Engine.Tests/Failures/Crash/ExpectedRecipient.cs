namespace Engine.Tests.Failures.Crash;

/// <summary>What may be found of a recipient.</summary>
internal readonly record struct ExpectedRecipient
{
    /// <summary>Its end was asked for: it may be gone.</summary>
    public bool MayBeGone { get; init; }

    /// <summary>Its end was acknowledged: it must be gone.</summary>
    public bool IsGone { get; init; }

    /// <summary>Attempts that are stable.</summary>
    public int LeastAttempts { get; init; }

    /// <summary>Attempts that were told.</summary>
    public int MostAttempts { get; init; }

    public bool MayBeHeld { get; init; }

    public bool MustBeHeld { get; init; }

    /// <summary>Why what was found cannot be; null when it can.</summary>
    /// <param name="found">Null when it is gone.</param>
    public string? Differs(FoundRecipient? found)
    {
        if (found is not { } there)
        {
            return MayBeGone ? null : "is gone";
        }

        return IsGone ? "is back"
            : there.Attempts < LeastAttempts ? $"has {there.Attempts} attempts, at least {LeastAttempts} are stable"
            : there.Attempts > MostAttempts ? $"has {there.Attempts} attempts, only {MostAttempts} were told"
            : there.IsHeld && !MayBeHeld ? "is held"
            : !there.IsHeld && MustBeHeld ? "is not held"
            : null;
    }

    /// <summary>It can only be what was found.</summary>
    public static ExpectedRecipient Exactly(FoundRecipient? found) => found is { } there
        ? new ExpectedRecipient { LeastAttempts = there.Attempts, MostAttempts = there.Attempts, MayBeHeld = there.IsHeld, MustBeHeld = there.IsHeld }
        : new ExpectedRecipient { IsGone = true, MayBeGone = true };
}
