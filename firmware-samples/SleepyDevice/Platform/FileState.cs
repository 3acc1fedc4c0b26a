using System.IO;

namespace NfDtls.Samples.SleepyDevice
{
    /// <summary>
    /// A file, which outlives the program and a loss of power. It is written and erased in its place, through to the disk: what a deleted or
    /// renamed file held may be there again after a crash. A part of what was to be written does not open when it is taken back.
    /// </summary>
    internal sealed class FileState : KeptState
    {
        private readonly string _path;

        internal FileState(string path)
        {
            _path = path;
        }

        internal override byte[] Read()
        {
            byte[] bytes = File.Exists(_path) ? File.ReadAllBytes(_path) : null;
            return bytes == null || bytes.Length == 0 ? null : bytes;
        }

        internal override void Write(byte[] bytes, int count)
        {
            Replace(bytes, count);
        }

        internal override void Erase()
        {
            Replace(new byte[0], 0);
        }

        private void Replace(byte[] bytes, int count)
        {
            using (FileStream file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.Write))
            {
                file.SetLength(0);
                file.Write(bytes, 0, count);
                file.Flush(true);
            }
        }
    }
}
