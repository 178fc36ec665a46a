namespace Engine.Limits;

/// <summary>Gives back what was taken from several limits.</summary>
internal static class Tokens
{
    public static void Refund(ReadOnlySpan<Limit> limits)
    {
        foreach (var limit in limits)
        {
            limit.Refund();
        }
    }
}
