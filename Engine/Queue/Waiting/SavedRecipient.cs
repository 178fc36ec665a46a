using Engine.Mail;

namespace Engine.Queue.Waiting;

/// <summary>A recipient as a snapshot keeps it.</summary>
/// <param name="Domain">Interned domain, held for it.</param>
/// <param name="Due">Seconds since 1970.</param>
/// <param name="Attempts">Attempts that counted.</param>
/// <param name="Category">Of the last failure; default for none.</param>
/// <param name="State">None when it has ended, else Waiting or Held.</param>
/// <param name="Marks">Those of <see cref="Kept"/>.</param>
/// <param name="Detail">Where its last defer frame stands, as in <see cref="Details"/>.</param>
internal readonly record struct SavedRecipient(
    int Domain, uint Due, byte Attempts, Category Category, RecipientState State, SlotMarks Marks, uint Detail)
{
    /// <summary>What of a slot's marks outlives the process.</summary>
    public const SlotMarks Kept = SlotMarks.Uncertain | SlotMarks.GivenUp;
}
