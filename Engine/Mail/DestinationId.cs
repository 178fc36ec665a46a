namespace Engine.Mail;

/// <summary>A set of mail exchangers that several recipient domains may share; valid for the life of the process.</summary>
internal readonly record struct DestinationId(int Value);
