namespace Engine.Mail;

/// <summary>Hears what TLS came to. Called on the way of mail: returns at once, never throws. Thread-safe.</summary>
internal interface ITlsResults
{
    void Record(in TlsResult result);
}
