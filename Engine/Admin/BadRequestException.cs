namespace Engine.Admin;

/// <summary>The request cannot be understood; the message says where and what.</summary>
internal sealed class BadRequestException(string message) : Exception(message);
