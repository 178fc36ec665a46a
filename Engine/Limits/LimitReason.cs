namespace Engine.Limits;

/// <summary>Why a limit is as it is, for <c>why</c>.</summary>
/// <param name="Rule">Name of the rule that set it; <c>configuration</c> for what was written.</param>
/// <param name="Since">Wall clock.</param>
internal sealed record LimitReason(string Rule, DateTimeOffset Since);
