using Engine.Mail;
using Engine.Queue;

namespace Engine.Feedback;

/// <summary>A recipient that failed for good, and for whom the address is suppressed, or warned, before anything else is done.</summary>
/// <param name="Slot">Settled afterwards.</param>
/// <param name="End">How.</param>
/// <param name="Code">Of the reply; 0 for none.</param>
/// <param name="Reason">Hard, strike or warning.</param>
/// <param name="Line">The event written last; owns its memory.</param>
/// <param name="Notice">Makes the settlement and the event its own business; null when no notice is wanted.</param>
internal sealed record Ending(int Slot, EndKind End, ushort Code, SuppressionReason Reason, Event Line, Notice? Notice);
