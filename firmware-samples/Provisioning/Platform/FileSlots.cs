using System.IO;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>Two files, which outlive the program and a loss of power. They are written in their place, through to the disk.</summary>
    internal sealed class FileSlots : SlotMemory
    {
        private readonly string _path;

        /// <param name="path">The files' name, to which a number is added.</param>
        internal FileSlots(string path)
        {
            _path = path;
        }

        internal override byte[] Read(int slot)
        {
            return File.Exists(PathOf(slot)) ? File.ReadAllBytes(PathOf(slot)) : null;
        }

        internal override void Write(int slot, byte[] bytes)
        {
            using (FileStream file = new FileStream(PathOf(slot), FileMode.OpenOrCreate, FileAccess.Write))
            {
                file.SetLength(0);
                file.Write(bytes, 0, bytes.Length);
                file.Flush(true);
            }
        }

        private string PathOf(int slot)
        {
            return _path + "." + slot;
        }
    }
}
