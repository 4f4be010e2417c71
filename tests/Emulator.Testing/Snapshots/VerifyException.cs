#if !USE_VERIFY
namespace VerifyXunit;

/// <summary>A snapshot is new or differs from what was approved.</summary>
public sealed class VerifyException(string message) : Exception(message);
#endif
