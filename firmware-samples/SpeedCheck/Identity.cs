namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>A root and what it issued, with P-256; made once for this, of no use elsewhere.</summary>
    internal static class Identity
    {
        internal const string Host = "device.example.com";

        private const string RootText =
            "3082019930820140a003020102020940e8292438a3471761300a06082a8648ce3d0403023020310f300d060355040a0c064e6644746c73310d300b06" +
            "035504030c04726f6f74301e170d3236303531363132303030305a170d3237303631353132303030305a3020310f300d060355040a0c064e6644746c" +
            "73310d300b06035504030c04726f6f743059301306072a8648ce3d020106082a8648ce3d030107034200044e1b30ada891e4f3cf61506f4da6862dfc" +
            "51e4d9568ebe0fd039ccf682e30cb3cbd7f7817ae59cdacfa6dd729d1a0f2ec590baaaba2919f57b0113ad25de1249a3633061301d0603551d0e0416" +
            "04144778af1c1f05135093e5cf55e845c4ba1ba29e3e301f0603551d230418301680144778af1c1f05135093e5cf55e845c4ba1ba29e3e300f060355" +
            "1d130101ff040530030101ff300e0603551d0f0101ff040403020106300a06082a8648ce3d040302034700304402207e59753d517703b195a391ef6c" +
            "8e842b272f937f9b97e5b782a59e4dfde39a4a022015b05caa40a20573fbe11f481f3c111529ed011b8ae1be8e2c442ceaeaf2d010";

        private const string CertificateText =
            "308201aa30820150a0030201020209404f117842712bbe74300a06082a8648ce3d0403023020310f300d060355040a0c064e6644746c73310d300b06" +
            "035504030c04726f6f74301e170d3236303531363132303030305a170d3237303631353132303030305a3022310f300d060355040a0c064e6644746c" +
            "73310f300d06035504030c066465766963653059301306072a8648ce3d020106082a8648ce3d03010703420004aa75d9cb0af694d95c10c7258b9e4e" +
            "dbc8dbf548a0ab82b25ce5684b0f67d46e9cf31fe861d917826b0f1d6a7c6dab976ac486db4412d149a904bbe02705fc12a371306f301d0603551d0e" +
            "0416041428185cc046f712c7c6e05b382989d5c0ce465f84301f0603551d230418301680144778af1c1f05135093e5cf55e845c4ba1ba29e3e300e06" +
            "03551d0f0101ff040403020780301d0603551d110416301482126465766963652e6578616d706c652e636f6d300a06082a8648ce3d04030203480030" +
            "4502210085724132aced14272e73ca44e2e133557e0e1e2ea7780abcda16ebda0dbeaa2602203d02031af9783d0244ef8cf6a769fef7624126cee087" +
            "3105b872008db85ff235";

        private const string KeyText =
            "308193020100301306072a8648ce3d020106082a8648ce3d030107047930770201010420a4017c6989aa2d8fe0f19e91328a9fb90e93153e4bfb7ad3" +
            "ac0ff62f874a1060a00a06082a8648ce3d030107a14403420004aa75d9cb0af694d95c10c7258b9e4edbc8dbf548a0ab82b25ce5684b0f67d46e9cf3" +
            "1fe861d917826b0f1d6a7c6dab976ac486db4412d149a904bbe02705fc12";

        internal static byte[] Root()
        {
            return Hex(RootText);
        }

        /// <summary>The certificate of <see cref="Host"/>, issued by the root.</summary>
        internal static byte[] Certificate()
        {
            return Hex(CertificateText);
        }

        /// <summary>Its private key in PKCS#8.</summary>
        internal static byte[] Key()
        {
            return Hex(KeyText);
        }

        private static byte[] Hex(string text)
        {
            byte[] bytes = new byte[text.Length / 2];
            for (int i = 0; i < text.Length; i++)
            {
                int digit = text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10;
                bytes[i / 2] = (byte)((bytes[i / 2] << 4) | digit);
            }

            return bytes;
        }
    }
}
