namespace Engine.Queue.Transfer;

/// <summary>An export file is not whole, or none. The message names the octet and the entry.</summary>
internal sealed class TransferDamagedException(string message, Exception? inner = null) : Exception(message, inner);
