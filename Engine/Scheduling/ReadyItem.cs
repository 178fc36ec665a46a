using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>A recipient whose time has come.</summary>
/// <param name="Slot">The queue's handle; Scheduling only hands it on.</param>
/// <param name="Message">Recipients of one message may share a transaction.</param>
/// <param name="Engagement">What a source that warms up asks for.</param>
internal readonly record struct ReadyItem(int Slot, MessageId Message, Engagement Engagement = Engagement.Normal);
