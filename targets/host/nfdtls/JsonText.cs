using System;
using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NfDtls.Tool;

/// <summary>Objects of JSON, one a line.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Form = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of what a writer is given.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new MemoryStream();
        using (Utf8JsonWriter json = new Utf8JsonWriter(bytes, Form))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>A line on stdout, whole, whatever other threads print.</summary>
    public static void Print(Action<Utf8JsonWriter> write)
    {
        byte[] line = Encoding.UTF8.GetBytes(Of(write) + "\n");
        lock (Form.Encoder!)
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(line);
            output.Flush();
        }
    }

    public static void Line(TextWriter to, Action<Utf8JsonWriter> write)
    {
        to.Write(Of(write));
        to.Write('\n');
    }
}
