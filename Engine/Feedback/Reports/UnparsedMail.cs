namespace Engine.Feedback.Reports;

/// <summary>A mail that was kept because nothing else could be done with it; a line of <c>feedback ls --unparsed</c>.</summary>
/// <param name="Time">When it came.</param>
/// <param name="To">The address of ours.</param>
/// <param name="From">Reverse path, empty for the null one.</param>
/// <param name="Why">Why it was kept.</param>
/// <param name="Client">Who brought it.</param>
/// <param name="Size">Octets of the file.</param>
/// <param name="File">Its path.</param>
internal sealed record UnparsedMail(DateTimeOffset Time, string To, string From, string Why, string Client, long Size, string File);
