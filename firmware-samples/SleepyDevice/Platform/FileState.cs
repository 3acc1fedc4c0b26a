using System.IO;

namespace NfDtls.Samples.SleepyDevice
{
    /// <summary>A file, which outlives the program.</summary>
    internal sealed class FileState : KeptState
    {
        private readonly string _path;

        internal FileState(string path)
        {
            _path = path;
        }

        internal override byte[] Read()
        {
            return File.Exists(_path) ? File.ReadAllBytes(_path) : null;
        }

        internal override void Write(byte[] bytes, int count)
        {
            // The old bytes or the new ones, never a part of them.
            string next = _path + ".new";
            File.WriteAllBytes(next, bytes[..count]);
            File.Move(next, _path, true);
        }

        internal override void Erase()
        {
            File.Delete(_path);
        }
    }
}
