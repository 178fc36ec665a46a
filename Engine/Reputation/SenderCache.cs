using System.Runtime.CompilerServices;

namespace Engine.Reputation;

/// <summary>
/// Finds the tracks of a sender by the identity of its two names, which the queue's flows share: no name is hashed or compared for most messages. What does not stand here, or
/// whose track was given to another meanwhile, is looked up. Not thread-safe.
/// </summary>
/// <typeparam name="TTrack">What is found.</typeparam>
internal sealed class SenderCache<TTrack>
    where TTrack : class, ITurnover
{
    private const int Slots = 4_096;

    private readonly Slot[] _slots = new Slot[Slots];

    private struct Slot
    {
        public object? First;
        public object? Second;
        public int Kind;
        public TTrack? One;
        public TTrack? Two;
        public int OneTurn;
        public int TwoTurn;
    }

    public void Clear() => _slots.AsSpan().Clear();

    /// <summary>True when both tracks still stand for the same; they count as heard of.</summary>
    /// <param name="first">One name, by identity.</param>
    /// <param name="second">The other.</param>
    /// <param name="kind">What else tells senders of these names apart.</param>
    /// <param name="one">The first track.</param>
    /// <param name="two">The second; null where there is none.</param>
    public bool TryFind(object first, object second, int kind, out TTrack one, out TTrack? two)
    {
        ref readonly var slot = ref _slots[IndexOf(first, second)];
        (one, two) = (slot.One!, slot.Two);
        if (!ReferenceEquals(slot.First, first) || !ReferenceEquals(slot.Second, second) || slot.Kind != kind || one.Turn != slot.OneTurn || (two is not null && two.Turn != slot.TwoTurn))
        {
            return false;
        }

        one.Touched = true;
        _ = two?.Touched = true;
        return true;
    }

    public void Keep(object first, object second, int kind, TTrack one, TTrack? two) => _slots[IndexOf(first, second)] = new Slot
    {
        First = first,
        Second = second,
        Kind = kind,
        One = one,
        Two = two,
        OneTurn = one.Turn,
        TwoTurn = two?.Turn ?? 0,
    };

    private static int IndexOf(object first, object second) => ((RuntimeHelpers.GetHashCode(first) * 31) + RuntimeHelpers.GetHashCode(second)) & (Slots - 1);
}
