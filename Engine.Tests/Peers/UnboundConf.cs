namespace Engine.Tests.Peers;

/// <summary>The unbound.conf of a peer on loopback that serves local data and asks nobody.</summary>
internal static class UnboundConf
{
    /// <param name="port">Where it listens.</param>
    /// <param name="data">Lines of zones and data.</param>
    public static string Of(PeerPort port, IEnumerable<string> data) => $"""
        server:
          interface: 127.0.0.1@{port}
          do-daemonize: no
          chroot: ""
          username: ""
          pidfile: ""
          use-syslog: no
          verbosity: 1
          do-ip6: no
          num-threads: 1
          module-config: "iterator"
          do-not-query-localhost: yes
          access-control: 127.0.0.0/8 allow
          {string.Join("\n  ", data)}
        remote-control:
          control-enable: no
        """;
}
