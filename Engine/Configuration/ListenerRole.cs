namespace Engine.Configuration;

/// <summary>What a listener is for.</summary>
internal enum ListenerRole : byte
{
    /// <summary>Takes mail to send.</summary>
    Submission,

    /// <summary>Takes bounces, complaints, auto-replies, and mail to postmaster and abuse. Never relays.</summary>
    Feedback,
}
