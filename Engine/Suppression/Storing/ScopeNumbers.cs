using System.Buffers.Binary;
using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Suppression.Storing;

/// <summary>
/// A number for each scope that has ever had an entry, so that a key of 128 bits can hold it. Kept in the file <c>scopes</c>, where a line is added before its number is first used. A scope without a
/// number has no entries: nobody needs to look for them.
/// </summary>
/// <remarks>Readers take no lock. Numbers are given under a lock that is held while the file is written: once in the life of a stream.</remarks>
internal sealed class ScopeNumbers
{
    private const int LineLength = 16;

    private static ReadOnlySpan<byte> Magic => "ENGSUPS1"u8;

    private readonly ConcurrentDictionary<ulong, uint> _numbers = new();
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ulong _key;
    private SuppressionScope[] _scopes = [];

    private ScopeNumbers(string path, ulong key)
    {
        _path = path;
        _key = key;
    }

    /// <summary>Scopes with numbers; the number is the index.</summary>
    public IReadOnlyList<SuppressionScope> All => Volatile.Read(ref _scopes);

    /// <summary>Reads the file, and cuts off a line that a crash left half written.</summary>
    /// <param name="directory">Where it stands.</param>
    /// <param name="key">Id of the key.</param>
    /// <param name="isNew">The list has no entries: the file may be missing.</param>
    /// <exception cref="SuppressionDamagedException">A line before the last is broken, or the file is another key's.</exception>
    public static ScopeNumbers Open(string directory, ulong key, bool isNew)
    {
        var scopes = new ScopeNumbers(Path.Join(directory, "scopes"), key);
        scopes.Load(isNew);
        return scopes;
    }

    public bool TryGet(in SuppressionScope scope, out uint number) => _numbers.TryGetValue(Code(scope), out number);

    /// <summary>The number of a scope, given now if it has none; then it is on stable storage.</summary>
    public uint NumberOf(in SuppressionScope scope)
    {
        if (_numbers.TryGetValue(Code(scope), out var number))
        {
            return number;
        }

        lock (_gate)
        {
            if (!_numbers.TryGetValue(Code(scope), out number))
            {
                number = (uint)_scopes.Length;
                Append(Code(scope), number);
                Know(Code(scope));
            }

            return number;
        }
    }

    private static ulong Code(in SuppressionScope scope) =>
        ((ulong)scope.Kind << 56) | ((ulong)(scope.Class is { } only ? (byte)only + 1 : 0) << 48) | ((ulong)scope.Key.Account << 16) | scope.Key.Stream;

    private static SuppressionScope Scope(ulong code) => new(
        (ScopeKind)(code >> 56),
        new StreamKey((uint)(code >> 16), (ushort)code),
        (byte)(code >> 48) is > 0 and var only ? (StreamClass)(only - 1) : null);

    private void Know(ulong code)
    {
        var number = (uint)_scopes.Length;
        Volatile.Write(ref _scopes, [.. _scopes, Scope(code)]);
        _numbers[code] = number;
    }

    private void Load(bool isNew)
    {
        var octets = File.Exists(_path) ? File.ReadAllBytes(_path) : [];
        if (octets.Length < LineLength)
        {
            if (!isNew)
            {
                throw new SuppressionDamagedException(_path, "is missing, and there are entries whose scopes it holds");
            }

            Create();
            return;
        }

        if (!octets.AsSpan(0, Magic.Length).SequenceEqual(Magic) || BinaryPrimitives.ReadUInt64LittleEndian(octets.AsSpan(Magic.Length)) != _key)
        {
            throw new SuppressionDamagedException(_path, $"was not written with the key {_key:x16}");
        }

        var codes = new List<ulong>();
        for (var at = LineLength; at + LineLength <= octets.Length; at += LineLength)
        {
            var line = octets.AsSpan(at, LineLength);
            if (Line(BinaryPrimitives.ReadUInt64LittleEndian(line), (uint)codes.Count).SequenceEqual(line))
            {
                codes.Add(BinaryPrimitives.ReadUInt64LittleEndian(line));
            }
            else if (at + (2 * LineLength) <= octets.Length)
            {
                throw new SuppressionDamagedException(_path, $"is damaged at offset {at}");
            }
        }

        _scopes = [.. codes.Select(Scope)];
        for (var number = 0; number < codes.Count; number++)
        {
            _numbers[codes[number]] = (uint)number;
        }
    }

    private void Create()
    {
        var header = new byte[LineLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(Magic.Length), _key);
        DurableFile.Replace(_path, header);
    }

    private byte[] Line(ulong code, uint number)
    {
        var line = new byte[LineLength];
        BinaryPrimitives.WriteUInt64LittleEndian(line, code);
        BinaryPrimitives.WriteUInt32LittleEndian(line.AsSpan(8), number);
        BinaryPrimitives.WriteUInt32LittleEndian(line.AsSpan(12), Crc32C.Append((uint)_key, line.AsSpan(0, 12)));
        return line;
    }

    private void Append(ulong code, uint number)
    {
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, Line(code, number), LineLength * (1L + number));
        RandomAccess.FlushToDisk(file);
    }
}
