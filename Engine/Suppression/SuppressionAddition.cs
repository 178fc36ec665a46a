using Engine.Mail;

namespace Engine.Suppression;

/// <summary>An entry to add, and its address where it is known.</summary>
/// <param name="Entry">What is added.</param>
/// <param name="Address">Default when only the digest is known.</param>
internal readonly record struct SuppressionAddition(SuppressionEntry Entry, Mailbox Address);
