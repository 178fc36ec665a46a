using Engine.Configuration;

namespace Engine.Reputation.Control.Health;

/// <summary>How often one campaign is called spam at one receiver, beside all others there. Counted from its first such reply on. Pure; one thread.</summary>
internal sealed class CampaignCount
{
    private const int FewOthers = 20;

    /// <summary>Good and spam replies of the last hour.</summary>
    public Tally Hour { get; } = Tally.OfAnHour();

    /// <summary>Whether it is the campaign that the receiver dislikes.</summary>
    /// <param name="all">The same of all campaigns at the receiver, this one included.</param>
    /// <param name="options">The tunables.</param>
    /// <returns>True: the campaign. False: everything is called spam, so it is not this campaign. Null: too little to tell.</returns>
    public bool? IsToBlame(Tally all, ControlOptions options)
    {
        var (spam, sent) = (Hour[Mark.Spam], Hour[Mark.Spam] + Hour[Mark.Good]);
        if (spam < options.SpamMinimum || spam < options.SpamShare * sent)
        {
            return null;
        }

        var (otherSpam, others) = (all[Mark.Spam] - spam, all[Mark.Spam] + all[Mark.Good] - sent);
        return others < FewOthers || (double)otherSpam / others < 0.5 * spam / sent;
    }
}
