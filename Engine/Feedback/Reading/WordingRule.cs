using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>What a mail system says in words of its own, where no server's reply says it.</summary>
/// <param name="Id">Name, for tests.</param>
/// <param name="Category">What it means.</param>
/// <param name="Proves">Whether it is said for certain of this recipient (or its domain), so that it may be suppressed.</param>
/// <param name="Words">Any of them; case does not count.</param>
internal sealed record WordingRule(string Id, Category Category, bool Proves, params string[] Words)
{
    /// <summary>Whether it wins also over a server's reply with an enhanced code.</summary>
    public bool Wins { get; init; }
}
