// In projects that link other projects' tests: what those call .NET's and the managed provider is the native one here.
global using HostProvider = NfDtls.Tests.Native.EagerNativeProvider;
global using SoftwareProvider = NfDtls.Tests.Native.SeededNativeProvider;
