namespace NfDtls.Nano.Link;

/// <summary>The program cannot be linked; the text says why and what to do.</summary>
internal sealed class LinkException(string message) : Exception(message);
