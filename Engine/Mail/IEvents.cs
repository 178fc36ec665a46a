namespace Engine.Mail;

/// <summary>Where events go. The event log implements it; tests collect.</summary>
internal interface IEvents
{
    /// <summary>Takes a copy of everything the event refers to before it returns. Thread-safe, never waits for a disk.</summary>
    void Write(in Event line);
}
