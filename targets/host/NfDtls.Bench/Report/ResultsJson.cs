using System.Text.Json.Serialization;

namespace NfDtls.Bench;

/// <summary>How results are written to a file, and read from it.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Results))]
internal sealed partial class ResultsJson : JsonSerializerContext;
