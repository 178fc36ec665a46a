namespace Engine.Configuration.Shapes;

/// <summary>Forms of a text that stands for more than itself.</summary>
internal enum TextForm : byte
{
    /// <summary>Anything.</summary>
    Free,

    /// <summary>A file or directory; relative ones start at the directory of engine.json.</summary>
    Path,

    /// <summary><c>mta1.example.com</c>.</summary>
    Domain,

    /// <summary><c>acme.example</c>, <c>.mail.acme.example</c> for its subdomains, or <c>*</c>.</summary>
    DomainPattern,

    /// <summary>A DKIM selector: labels as of a domain. RFC 6376 §3.1.</summary>
    Selector,

    /// <summary><c>192.0.2.1</c> or <c>2001:db8::1</c>.</summary>
    Address,

    /// <summary><c>127.0.0.1:587</c>, <c>[::1]:587</c>; port 0 picks a free one.</summary>
    Endpoint,

    /// <summary>The same with a port from 1 to 65535.</summary>
    Server,

    /// <summary><c>10.0.0.0/8</c>, <c>2001:db8::/32</c>; no bit set behind the prefix.</summary>
    Network,

    /// <summary>A name or an address, with or without port: <c>10.0.0.9:25</c>, <c>relay.example.net</c>, <c>[2001:db8::1]:25</c>.</summary>
    Host,

    /// <summary><c>haproxy2://10.0.0.5:5000</c>: a proxy that reads PROXY protocol version 2.</summary>
    Proxy,

    /// <summary><c>wait</c>, <c>pool:NAME</c> or <c>relay:NAME</c>.</summary>
    Fallback,

    /// <summary><c>mailer-daemon@mta1.example.com</c>.</summary>
    Mailbox,

    /// <summary><c>$pbkdf2-sha256$iterations$salt$hash</c>.</summary>
    PasswordHash,
}
