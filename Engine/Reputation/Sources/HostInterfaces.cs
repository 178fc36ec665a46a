using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Engine.Reputation.Sources;

/// <summary>
/// Asks the Linux kernel by getifaddrs(3), which is netlink in the calling thread's network namespace: addresses and the flags of their interfaces at once.
/// What stands on no interface may still be local by a route (<c>ip route add local</c>, as for whole IPv6 networks): then a bind succeeds.
/// </summary>
/// <remarks>On other systems every address counts as present. Unlike <see cref="System.Net.NetworkInformation.NetworkInterface"/> it needs no /sys of the same namespace.</remarks>
internal sealed unsafe partial class HostInterfaces : ILocalAddresses
{
    private const string LibC = "libc";

    // linux/if.h: administratively up; with carrier.
    private const uint Up = 0x1;
    private const uint Running = 0x40;

    private const int IPv4Offset = 4;
    private const int IPv4Length = 4;
    private const int IPv6Offset = 8;
    private const int IPv6Length = 16;
    private const int ScopeOffset = 24;
    private const ushort FamilyIPv4 = 2;
    private const ushort FamilyIPv6 = 10;

    public IReadOnlyDictionary<IPAddress, AddressPresence> Read(IReadOnlyCollection<IPAddress> wanted)
    {
        if (!OperatingSystem.IsLinux())
        {
            return wanted.Distinct().ToDictionary(address => address, _ => AddressPresence.Present);
        }

        var here = Interfaces();
        return wanted.Distinct().ToDictionary(address => address, address =>
            here.TryGetValue(address, out var presence) ? presence
            : IsLocalByRoute(address) ? AddressPresence.Present
            : AddressPresence.Missing);
    }

    private static Dictionary<IPAddress, AddressPresence> Interfaces()
    {
        Entry* list;
        if (GetInterfaces(&list) != 0)
        {
            throw new IOException($"getifaddrs: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        var found = new Dictionary<IPAddress, AddressPresence>();
        for (var entry = list; entry is not null; entry = entry->Next)
        {
            if (AddressOf(entry->Address) is { } address)
            {
                var isUp = (entry->Flags & (Up | Running)) == (Up | Running);

                // On two interfaces, one of them up, it can be sent from.
                found[address] = isUp || found.GetValueOrDefault(address, AddressPresence.Missing) is AddressPresence.Present ? AddressPresence.Present : AddressPresence.InterfaceDown;
            }
        }

        FreeInterfaces(list);
        return found;
    }

    private static IPAddress? AddressOf(byte* address) => address is null ? null : *(ushort*)address switch
    {
        FamilyIPv4 => new IPAddress(new ReadOnlySpan<byte>(address + IPv4Offset, IPv4Length)),
        FamilyIPv6 => new IPAddress(new ReadOnlySpan<byte>(address + IPv6Offset, IPv6Length), *(uint*)(address + ScopeOffset)),
        _ => null,
    };

    // Where ip_nonlocal_bind is on, a bind proves nothing.
    private static bool IsLocalByRoute(IPAddress address)
    {
        var family = address.AddressFamily is AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4";
        if (ReadSwitch($"/proc/sys/net/{family}/ip_nonlocal_bind"))
        {
            return false;
        }

        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool ReadSwitch(string file)
    {
        try
        {
            return File.ReadAllText(file).StartsWith('1');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport(LibC, EntryPoint = "getifaddrs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetInterfaces(Entry** list);

    [LibraryImport(LibC, EntryPoint = "freeifaddrs")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeInterfaces(Entry* list);

    // struct ifaddrs of a 64-bit Linux, as far as it is read.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Entry
    {
        public readonly Entry* Next;
        public readonly byte* Name;
        public readonly uint Flags;
        public readonly byte* Address;
    }
}
