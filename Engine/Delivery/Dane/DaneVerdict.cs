using Engine.Mail;

namespace Engine.Delivery.Dane;

/// <summary>Whether what a server showed is what its TLSA records name.</summary>
/// <param name="Failure">None when it is.</param>
/// <param name="Reason">In plain words; empty when it is.</param>
/// <param name="Record">The record that named it; null when none did.</param>
internal readonly record struct DaneVerdict(TlsFailure Failure, string Reason, TlsaRecord? Record)
{
    public bool Holds => Failure is TlsFailure.None;
}
