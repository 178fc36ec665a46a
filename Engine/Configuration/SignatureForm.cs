using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>c= of our signatures: how head and body are canonicalised, in this order. RFC 6376 §3.4.</summary>
internal enum SignatureForm : byte
{
    [Spelled("relaxed/relaxed")]
    RelaxedRelaxed,

    [Spelled("relaxed/simple")]
    RelaxedSimple,

    [Spelled("simple/relaxed")]
    SimpleRelaxed,

    [Spelled("simple/simple")]
    SimpleSimple,
}
