namespace Engine.Reputation;

/// <summary>What is known of one subject, in a <see cref="SenderTable{TSubject, TTrack}"/>.</summary>
/// <typeparam name="TSubject">Who.</typeparam>
internal interface ISenderTrack<TSubject> : ITurnover
{
    TSubject Subject { get; }

    /// <summary>Forgets all and stands for this one from now on; not touched yet, so that who is named once goes first.</summary>
    void Begin(TSubject subject);
}
