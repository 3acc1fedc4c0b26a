// In projects that link other projects' tests: what those call .NET's provider is OpenSSL's here.
global using HostProvider = NfDtls.Crypto.OpenSsl.OpenSslProvider;
