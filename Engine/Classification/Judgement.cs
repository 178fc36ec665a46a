using Engine.Mail;

namespace Engine.Classification;

/// <summary>What an outcome means and what follows.</summary>
/// <param name="Category">Why.</param>
/// <param name="Disposition">What is done with the recipient.</param>
/// <param name="Schedule">Which retry schedule, where it is tried again.</param>
/// <param name="Rule">The rule that matched, for events.</param>
internal readonly record struct Judgement(Category Category, Disposition Disposition, RetryKind Schedule, string Rule)
{
    /// <summary>Whether the recipient is tried again.</summary>
    public bool IsRetry => Disposition is not (Disposition.Fail or Disposition.Suppress);
}
