namespace Engine.Feedback.Reading;

/// <summary>A recipient that the words of a bounce name, and what they say of it.</summary>
/// <param name="Address">As it stands.</param>
/// <param name="Words">What is said of it, on one line.</param>
internal readonly record struct SpokenRecipient(string Address, string Words);
