namespace Engine.Reputation.Blocklists;

/// <summary>Why a source gets less than its usual mail to some operators.</summary>
/// <param name="Share">0 in quarantine; then the steps of the return, below 1.</param>
/// <param name="Operators">Provider ids; <c>*</c> for all.</param>
/// <param name="Zone">The list.</param>
/// <param name="Meaning">Codes and what they mean.</param>
/// <param name="Since">Of the quarantine, or of the return.</param>
/// <param name="Delisting">Where to ask for delisting; may be empty.</param>
internal sealed record Standing(double Share, IReadOnlyList<string> Operators, string Zone, string Meaning, DateTimeOffset Since, string Delisting)
{
    public bool Affects(string provider)
    {
        for (var index = 0; index < Operators.Count; index++)
        {
            if (Operators[index] == "*" || Operators[index] == provider)
            {
                return true;
            }
        }

        return false;
    }
}
