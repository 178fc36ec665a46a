namespace Engine.Configuration;

/// <summary>Delays between attempts. Written as a list: <c>["2m", "5m", "4h x*"]</c>.</summary>
/// <param name="Delays">In order; at least one, but for <see cref="Controller"/>.</param>
/// <param name="Endless">Whether the last repeats for ever; otherwise the schedule goes over to the default one after its end.</param>
internal sealed record RetrySchedule(IReadOnlyList<TimeSpan> Delays, bool Endless)
{
    private const string ControllerWord = "controller";

    /// <summary>Written <c>["controller"]</c>: no delays of its own, control's pause says when.</summary>
    public static RetrySchedule Controller { get; } = new([], false);

    public bool IsController => Delays.Count == 0;

    public static RetrySchedule Parse(params ReadOnlySpan<string> items) =>
        TryParse(items, out var schedule, out var error) ? schedule! : throw new FormatException(error);

    /// <summary>Reads the items; the error names the one that is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<string> items, out RetrySchedule? schedule, out string error)
    {
        (schedule, error) = (null, "at least one delay is needed");
        if (items is [ControllerWord])
        {
            schedule = Controller;
            return true;
        }

        var delays = new List<TimeSpan>();
        var endless = false;
        for (var index = 0; index < items.Length; index++)
        {
            var parts = items[index].Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var repeat = parts.Length == 2 ? parts[1] : "x1";
            endless = repeat is "x*";
            error = $"'{items[index]}' is not a delay such as \"5m\", \"30s x3\" or, last, \"4h x*\"";
            if (parts.Length == 0 || !Units.TryParseDuration(parts[0], out var delay) || delay <= TimeSpan.Zero || (endless && index < items.Length - 1))
            {
                return false;
            }

            if (!endless && (repeat[0] != 'x' || !int.TryParse(repeat.AsSpan(1), out var count) || count is < 1 or > 100))
            {
                return false;
            }

            delays.AddRange(Enumerable.Repeat(delay, endless ? 1 : int.Parse(repeat.AsSpan(1), provider: null)));
        }

        schedule = delays.Count > 0 ? new RetrySchedule(delays, endless) : null;
        return schedule is not null;
    }

    /// <summary>The delay after the n-th failure, counted from 1; null when the schedule has ended.</summary>
    public TimeSpan? After(int failures) =>
        failures <= Delays.Count ? Delays[Math.Max(0, failures - 1)] : Endless ? Delays[^1] : null;
}
