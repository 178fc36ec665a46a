namespace Engine.Limits;

/// <summary>What marketing leaves free on a counter that transactional mail shares: max(1, 10 %). architecture.md §4.</summary>
internal static class Reserve
{
    public static int Of(int limit) => limit <= 1 ? 0 : Math.Max(1, limit / 10);
}
