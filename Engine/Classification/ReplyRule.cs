using System.Text.RegularExpressions;
using Engine.Mail;

namespace Engine.Classification;

/// <summary>One rule: the first whose pattern matches decides.</summary>
/// <param name="Id">Name in events.</param>
/// <param name="Pattern">Over <c>code enhanced text</c> on one line; NonBacktracking, case-insensitive.</param>
/// <param name="Category">Why.</param>
/// <param name="Disposition">What is done.</param>
/// <param name="Schedule">When again.</param>
internal sealed record ReplyRule(string Id, Regex Pattern, Category Category, Disposition Disposition, RetryKind Schedule);
