namespace Engine.Tests.Failures;

/// <summary>Why a recipient got a message twice. All but the last are the price of a crash.</summary>
internal enum DuplicateKind : byte
{
    /// <summary>The receiver's 250 came so shortly before a kill that its settlement was not committed: settlements are batched within 20 ms.</summary>
    SettledJustBefore,

    /// <summary>The receiver had the message, but the engine was killed before the 250 reached it.</summary>
    UncertainDot,

    /// <summary>The engine had committed the message, but was killed before the client had its 250; the client submitted it again, so there were two messages.</summary>
    CommittedNotAnswered,

    /// <summary>None of these: a defect.</summary>
    Unexplained,
}
