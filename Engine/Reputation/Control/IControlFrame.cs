using Engine.Reputation.Control.Pacing;

namespace Engine.Reputation.Control;

/// <summary>What is configured, as far as control must know it. Asked under control's lock: answer from memory.</summary>
internal interface IControlFrame
{
    /// <summary>What the configured limits give the key. Control never allows more, and lets go when it reaches it.</summary>
    Ceiling CeilingOf(ControlKey key);

    /// <summary>The sources that share a pool with this one, itself included.</summary>
    IReadOnlyList<string> Siblings(string source);
}
