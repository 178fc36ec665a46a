namespace Engine.Tests.Peers;

/// <summary>The nsd.conf of a peer on loopback.</summary>
internal static class NsdConf
{
    /// <param name="port">Where it listens.</param>
    /// <param name="directory">Where its files lie.</param>
    /// <param name="zones">Names, and the files in the directory that hold them.</param>
    public static string Of(PeerPort port, PeerDirectory directory, IEnumerable<(string Zone, string File)> zones) => $"""
        server:
          ip-address: 127.0.0.1@{port}
          username: ""
          database: ""
          zonesdir: "{directory.Path}"
          pidfile: "{directory.PathTo("nsd.pid")}"
          xfrdfile: "{directory.PathTo("xfrd.state")}"
          zonelistfile: "{directory.PathTo("zone.list")}"
          xfrdir: "{directory.Path}"
          server-count: 1
          do-ip6: no
          verbosity: 2
        remote-control:
          control-enable: no
        {string.Concat(zones.Select(static zone => $"zone:\n  name: {zone.Zone}\n  zonefile: {zone.File}\n"))}
        """;
}
