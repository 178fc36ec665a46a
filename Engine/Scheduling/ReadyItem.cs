using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>A recipient whose time has come.</summary>
/// <param name="Slot">The queue's handle; Scheduling only hands it on.</param>
/// <param name="Message">Recipients of one message may share a transaction.</param>
internal readonly record struct ReadyItem(int Slot, MessageId Message);
