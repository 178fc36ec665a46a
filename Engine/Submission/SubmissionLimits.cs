namespace Engine.Submission;

/// <summary>Bounds against slow, broken and hostile clients that are the same everywhere; the configurable ones stand in engine.json.</summary>
internal sealed record SubmissionLimits
{
    /// <summary>Silence between commands. RFC 5321 §4.5.3.2.7.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From the first octet to a good login, where one is needed: who says nothing must not hold a connection that others need.</summary>
    public TimeSpan BeforeLogin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For a TLS handshake.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the octets a client still sends behind its last reply are read and dropped, so that it reads that reply.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Octets of a command line without CRLF. RFC 5321 §4.5.3.1.4 asks for 512, extensions for some more.</summary>
    public int CommandLine { get; init; } = 2_048;

    /// <summary>Octets of an AUTH line or response. RFC 4954 §4.</summary>
    public int AuthLine { get; init; } = 12_288;

    /// <summary>Octets of a header block.</summary>
    public int Header { get; init; } = 64 << 10;

    /// <summary>Octets of a content line. RFC 5321 §4.5.3.1.6 allows 1000, deployed software sends more; beyond this it is no text.</summary>
    public int ContentLine { get; init; } = 64 << 10;

    /// <summary>
    /// How long a message over 1 MiB may take to come in: so long the queue's log keeps what is older than its first part. 50 MiB in it are 15 KiB a second.
    /// </summary>
    public TimeSpan LargeContent { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Refused commands before the connection ends; a message taken starts the count over.</summary>
    public int Errors { get; init; } = 20;

    /// <summary>Commands that bring no mail (NOOP, RSET, EHLO …) before each counts as an error; a message taken starts the count over.</summary>
    public int Chatter { get; init; } = 100;

    /// <summary>Failed logins before the connection ends.</summary>
    public int FailedLogins { get; init; } = 3;

    /// <summary>Content in memory, of all sessions together. Beyond it new content gets 452 4.3.1.</summary>
    public long ContentMemory { get; init; } = 256L << 20;
}
