namespace Engine.Demo;

/// <summary>A message to submit.</summary>
/// <param name="Number">In the ledger.</param>
/// <param name="Sender">MAIL FROM.</param>
/// <param name="Recipients">RCPT TO; of this message only.</param>
/// <param name="Content">As it goes on the wire behind 354: dots doubled, the final dot with it. Kept until the submission has ended.</param>
internal sealed record Letter(long Number, string Sender, IReadOnlyList<string> Recipients, ReadOnlyMemory<byte> Content);
