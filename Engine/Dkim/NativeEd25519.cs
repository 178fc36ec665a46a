using System.Runtime.InteropServices;

namespace Engine.Dkim;

/// <summary>Verifies Ed25519 (RFC 8032) with OpenSSL 3, which .NET does not offer. What strangers sign never reaches BouncyCastle (GHSA-m44j-cfrm-g8qc).</summary>
internal static partial class NativeEd25519
{
    public const int PublicKeyLength = 32;

    public const int SignatureLength = 64;

    private const string LibCrypto = "libcrypto.so.3";

    // EVP_PKEY_ED25519.
    private const int KeyType = 1_087;

    private static readonly Lazy<bool> Found = new(Find);

    /// <summary>Whether this machine has a library that can. Never changes.</summary>
    public static bool IsAvailable => Found.Value;

    /// <summary>Whether the signature is good. Thread-safe.</summary>
    /// <param name="publicKey">32 octets.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">64 octets.</param>
    /// <exception cref="PlatformNotSupportedException">See <see cref="IsAvailable"/>.</exception>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (!IsAvailable)
        {
            throw new PlatformNotSupportedException($"{LibCrypto} is not there.");
        }

        if (publicKey.Length != PublicKeyLength || signature.Length != SignatureLength)
        {
            return false;
        }

        var (key, context) = (IntPtr.Zero, IntPtr.Zero);
        try
        {
            key = NewPublicKey(KeyType, IntPtr.Zero, publicKey, (nuint)publicKey.Length);
            context = NewContext();
            return key != IntPtr.Zero
                && context != IntPtr.Zero
                && BeginVerify(context, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, key) == 1
                && EndVerify(context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1;
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
            ClearErrors();
        }
    }

    private static bool Find()
    {
        if (!NativeLibrary.TryLoad(LibCrypto, typeof(NativeEd25519).Assembly, DllImportSearchPath.SafeDirectories, out var library))
        {
            return false;
        }

        // Not freed: the imports below use it.
        string[] names = ["EVP_PKEY_new_raw_public_key", "EVP_PKEY_free", "EVP_MD_CTX_new", "EVP_MD_CTX_free", "EVP_DigestVerifyInit", "EVP_DigestVerify", "ERR_clear_error"];
        return names.All(name => NativeLibrary.TryGetExport(library, name, out _));
    }

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial IntPtr NewPublicKey(int type, IntPtr engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeKey(IntPtr key);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_MD_CTX_new")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial IntPtr NewContext();

    [LibraryImport(LibCrypto, EntryPoint = "EVP_MD_CTX_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeContext(IntPtr context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_DigestVerifyInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BeginVerify(IntPtr context, IntPtr keyContext, IntPtr digest, IntPtr engine, IntPtr key);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_DigestVerify")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EndVerify(IntPtr context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> message, nuint messageLength);

    [LibraryImport(LibCrypto, EntryPoint = "ERR_clear_error")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ClearErrors();
}
