namespace Engine.Tests.Failures.Crash;

/// <summary>From one operation on, this holds of a message.</summary>
/// <param name="At">Operations that were done when it was written.</param>
/// <param name="Message">What may be found from then on.</param>
internal readonly record struct LedgerLine(int At, ExpectedMessage Message);
