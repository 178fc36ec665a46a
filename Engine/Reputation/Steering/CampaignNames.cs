using System.Runtime.CompilerServices;
using Engine.Mail;

namespace Engine.Reputation.Steering;

/// <summary>A campaign's name among those of all accounts: <c>account/campaign</c>. Made once for each flow. Thread-safe.</summary>
internal sealed class CampaignNames
{
    private readonly ConditionalWeakTable<Flow, string> _names = [];

    /// <summary>Empty for mail of no campaign.</summary>
    public string Of(Flow flow) =>
        flow.Campaign.Length == 0 ? string.Empty : _names.GetValue(flow, static key => $"{key.Account}/{key.Campaign}");
}
