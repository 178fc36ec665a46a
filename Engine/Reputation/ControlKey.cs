using Engine.Configuration.Providers;

namespace Engine.Reputation;

/// <summary>What control steers.</summary>
/// <param name="Scope">Which kind of thing.</param>
/// <param name="Operator">Provider id or destination name; empty for <see cref="FlowScope.Source"/>.</param>
/// <param name="Subject">Source or sender domain by name, campaign as <c>account/campaign</c>; empty for <see cref="FlowScope.Provider"/>.</param>
internal readonly record struct ControlKey(FlowScope Scope, string Operator, string Subject)
{
    /// <summary>Names of campaigns belong to their account; mail of no campaign is <c>account/</c>.</summary>
    public static ControlKey OfCampaign(string @operator, string account, string campaign) =>
        new(FlowScope.CampaignAtProvider, @operator, $"{account}/{campaign}");
}
