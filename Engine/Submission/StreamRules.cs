using Engine.Mail;

namespace Engine.Submission;

/// <summary>A stream of an account as admission needs it.</summary>
/// <param name="Name">Empty for the unnamed stream of an account that has none.</param>
/// <param name="Class">Transactional or marketing.</param>
/// <param name="Pool">Its own, or the first of its class the account may use; empty when there are no pools.</param>
/// <param name="GiveUp">Its own; null leaves it to <c>delivery.giveUp</c>.</param>
/// <param name="Longest">What <c>X-Engine-Give-Up</c> must stay below: its own, or that of the class.</param>
internal sealed record StreamRules(string Name, StreamClass Class, string Pool, TimeSpan? GiveUp, TimeSpan Longest);
