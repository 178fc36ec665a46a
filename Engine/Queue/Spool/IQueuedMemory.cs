using Engine.Mail;

namespace Engine.Queue.Spool;

/// <summary>
/// What an index snapshot remembers of messages whose settle records are gone: those stand in generation 0, whose old files are deleted,
/// while the message lives on as a copy in generation 1 or 2.
/// </summary>
internal interface IQueuedMemory
{
    /// <summary>Whether a recipient was queued when the snapshot was taken; null for a message it cannot know, being younger. Records of the log come on top.</summary>
    bool? IsQueued(MessageId id, int recipient);
}
