using Engine.Dkim;
using Engine.Dkim.Rotation;

namespace Engine.Daemon;

/// <summary>What signs now, and what may sign no more. Thread-safe; each asked for once a message.</summary>
internal interface IKeysInForce
{
    KeyRing Ring { get; }

    RotationBook Book { get; }
}
