namespace Engine.Reputation.Blocklists;

/// <summary>What one list said about a target.</summary>
/// <param name="List">The list.</param>
/// <param name="Target">Address or domain.</param>
/// <param name="Answer">Its answer.</param>
/// <param name="Health">Of a listing: whether the list can be believed; untested else.</param>
/// <param name="Reason">Of a listing: the operator's own words.</param>
/// <param name="Took">Time of the answer.</param>
internal sealed record LookupRow(Blocklist List, string Target, ListAnswer Answer, ZoneHealth Health, string Reason, TimeSpan Took)
{
    /// <summary>A listing that counts: of a list that passed its self-test, and no allow list.</summary>
    public bool IsListing => Answer.Verdict is ListVerdict.Listed && Health is ZoneHealth.Good && List.Weight is not ListWeight.White;
}
