namespace NfDtls.Crypto.Software
{
    /// <summary>The constants of P-256 (SP 800-186), the points in Montgomery form.</summary>
    internal static class P256
    {
        internal static Curve Make(PrimeField field)
        {
            long[] order = new long[]
            {
                0x1C632551, 0x1DCE5617, 0x05E7A13C, 0x0DF55B4E, 0x1FFFFBCE, 0x1FFFFFFF, 0x0003FFFF, 0x1FE00000, 0x00FFFFFF,
            };
            long[] squareOfR = new long[]
            {
                0x148D9EF5, 0x0F4E7F75, 0x14C6A651, 0x03F8B765, 0x165861F1, 0x1256D7D8, 0x1C185B23, 0x0D4CAB0F, 0x0084B655,
            };
            Curve curve = new Curve(field, new Modulus(order, 29, squareOfR));
            curve.B = new long[]
            {
                0x1897BBFB, 0x1CDF6229, 0x018486C4, 0x01732821, 0x1DAD59E0, 0x0ABF7212, 0x1A06D110, 0x17721D20, 0x008600C3,
            };
            curve.BaseX = new long[]
            {
                0x15228783, 0x0730D418, 0x0DB00BCF, 0x057F11FB, 0x0A20EB75, 0x12B77622, 0x0330FDB9, 0x1AF4DD57, 0x00120BEE,
            };
            curve.BaseY = new long[]
            {
                0x12AAC150, 0x125357CE, 0x0F22E6EF, 0x0E390E86, 0x064B1695, 0x088DD21F, 0x02A97443, 0x02962176, 0x00AE3FE3,
            };
            return curve;
        }

        /// <summary>
        /// Odd combinations of the base point: 2^(192 + shift) of it, more or less 2^(128 + shift), 2^(64 + shift) and 2^shift of
        /// it, as the bits of the place say (more where set).
        /// </summary>
        /// <param name="shift">0 or 32.</param>
        internal static PointTable MakeComb(int shift)
        {
            return new PointTable(shift == 0 ? MakeLowComb() : MakeHighComb());
        }

        private static int[][] MakeLowComb()
        {
            return new int[][]
            {
                new int[]
                {
                    0x01089C0A, 0x18A7C967, 0x0514EA96, 0x0EF727DA, 0x06C201C6, 0x0484BDB7, 0x065F9E94, 0x078714C1, 0x00445904,
                    0x0E7F84B7, 0x0D2944DF, 0x0E40DF53, 0x03D51295, 0x11514098, 0x097EFE48, 0x0EB8D66E, 0x00E29583, 0x00C5C2B2,
                },
                new int[]
                {
                    0x027CCE71, 0x0511EE2B, 0x1F6927E4, 0x037B9240, 0x1371FF8B, 0x03AEA7E9, 0x0B441129, 0x074BF228, 0x00E87D47,
                    0x1E67A163, 0x0E2DBCC5, 0x10B40C7A, 0x067EAE2A, 0x1BE27781, 0x14179FF9, 0x0273DDBD, 0x17B62D5F, 0x0001BC13,
                },
                new int[]
                {
                    0x1A39B4B0, 0x0307528B, 0x0F6D2AB2, 0x15DFC381, 0x0DD2300E, 0x19B95689, 0x1A44CE34, 0x19C7C3BE, 0x007AC127,
                    0x12E0C39E, 0x1AF17EED, 0x0A61E77A, 0x1DEDC4C3, 0x08726B72, 0x1A249229, 0x0E48FD3A, 0x0642DB4D, 0x00B4440E,
                },
                new int[]
                {
                    0x1F039E22, 0x0C536574, 0x0032DC0A, 0x0BFDBC48, 0x0C43C617, 0x05615132, 0x04385709, 0x0D1AA01E, 0x00DA5719,
                    0x18A17953, 0x114697EC, 0x16E9099E, 0x17EBDFEB, 0x0ECC3353, 0x0C7EDC3F, 0x1E5D1FDE, 0x192B3D6B, 0x0089BCDB,
                },
                new int[]
                {
                    0x01B3EDA6, 0x05A9E6CF, 0x0D810A98, 0x05CBD46A, 0x0F9EB072, 0x0DD75C68, 0x17CE53D2, 0x1AD12F88, 0x00DAB367,
                    0x034A7D21, 0x0E7E6211, 0x1F9D0E56, 0x10F53A18, 0x05B52390, 0x1F00DA81, 0x1B5BBBF2, 0x112DFCC5, 0x00CC95F3,
                },
                new int[]
                {
                    0x00EA2FB2, 0x1568BBCF, 0x0185CEDE, 0x1EE88A9A, 0x054C5E35, 0x07CE6C4C, 0x1742DB40, 0x15D259AB, 0x0038FD57,
                    0x1656DCC2, 0x0DEA1BD6, 0x02DA5B8B, 0x10F4427E, 0x1C544918, 0x1604A315, 0x05836E7E, 0x0F5CACF4, 0x00BFBA60,
                },
                new int[]
                {
                    0x16FBFABA, 0x0BF9F442, 0x1A795720, 0x027C9764, 0x0A16CE6D, 0x0B430A6F, 0x06D98A5F, 0x159DBB19, 0x002F5E57,
                    0x1CFBBE32, 0x166C4F1E, 0x11B9E1CF, 0x1862B63A, 0x030CFED1, 0x1F253D0B, 0x09E0B360, 0x082F963C, 0x00BBB4C0,
                },
                new int[]
                {
                    0x12260E85, 0x1AE35642, 0x0A15886A, 0x06C9C829, 0x0654AA92, 0x065B3107, 0x008F4E53, 0x0A1C6933, 0x002B23AA,
                    0x09F307EC, 0x0F5B6BB8, 0x1C270F3B, 0x1BD04FD7, 0x03137CFD, 0x09680BAA, 0x15D9006A, 0x1DE3BCCC, 0x006ECAA3,
                },
            };
        }

        private static int[][] MakeHighComb()
        {
            return new int[][]
            {
                new int[]
                {
                    0x09CA9EB6, 0x05CBC07C, 0x0871A5CF, 0x0685CC50, 0x084B8A74, 0x130EC454, 0x16C70CC8, 0x1B1C0240, 0x0005392F,
                    0x0C8476CA, 0x066E1178, 0x14ADF16F, 0x12451906, 0x0D064C5B, 0x0BD0451B, 0x1880BB35, 0x1356EDBE, 0x00B5ABE6,
                },
                new int[]
                {
                    0x0CD96F34, 0x0F4F1C90, 0x05CA703A, 0x06F56432, 0x0B663566, 0x12FD7427, 0x1FE69F80, 0x08F77338, 0x00429A16,
                    0x0CA0A143, 0x0EDF74D1, 0x0EE1F125, 0x1FB3B239, 0x08AD2BE2, 0x0DAD9224, 0x15296D4E, 0x0517583B, 0x00F5B65A,
                },
                new int[]
                {
                    0x019F737D, 0x183091E2, 0x17065D1E, 0x125D349D, 0x14DD5CF3, 0x188C8858, 0x13DEF952, 0x15BD28C5, 0x0012F4BE,
                    0x091E12C0, 0x01EF407D, 0x189967B6, 0x145AF0D6, 0x13FA3F38, 0x19153C47, 0x01F08207, 0x1E77C19D, 0x00C1D103,
                },
                new int[]
                {
                    0x1521CA21, 0x00AD7252, 0x0854B04F, 0x1BA8CC31, 0x0EE16FCC, 0x1057D997, 0x05D19956, 0x093159C7, 0x009D5FFC,
                    0x06F99331, 0x1E753C5D, 0x1516AEFD, 0x1A33163F, 0x196D2BA0, 0x1DA4DD77, 0x03CB1BE6, 0x0F754C1A, 0x0018B497,
                },
                new int[]
                {
                    0x0EE89E21, 0x13F0330C, 0x0B3811A0, 0x17226D20, 0x0B584780, 0x09A1192B, 0x1D8D9177, 0x00FCC602, 0x0082C6D4,
                    0x1BC040F3, 0x02F3D4BD, 0x0BC6C07F, 0x024E8A8D, 0x1D5A1C34, 0x0D10C888, 0x0FB772F8, 0x17AA8AD9, 0x009450B4,
                },
                new int[]
                {
                    0x12472C80, 0x076995CE, 0x03CC9ED7, 0x124EA8D3, 0x13CF992C, 0x144EA73D, 0x1A68CDA8, 0x0CC479B8, 0x0094B84C,
                    0x1454886A, 0x15B32BD9, 0x0CB063ED, 0x0F4CB73F, 0x1E2A6EA9, 0x0980A430, 0x19DE2DE6, 0x00A6A515, 0x00CA2404,
                },
                new int[]
                {
                    0x00831FDB, 0x1D8921FC, 0x1001B75E, 0x16CE1738, 0x06A66E02, 0x18FDF03A, 0x0AFBA7E6, 0x0B24B2AC, 0x0085BCDC,
                    0x0E3BE296, 0x17CC1AD0, 0x0AA984E0, 0x19A8ACD0, 0x163DAF8B, 0x06068F3F, 0x0082980B, 0x07209A4C, 0x00BEE179,
                },
                new int[]
                {
                    0x1D8341FB, 0x0DAEFD79, 0x1CE4B96C, 0x15BF3DAC, 0x152A7779, 0x1FC58F61, 0x100EABAF, 0x1617DED0, 0x007B30D8,
                    0x1E73D6F1, 0x0A881415, 0x0CBB640D, 0x1F3D4C63, 0x02FADDC5, 0x15DCF2F7, 0x07E632A3, 0x13C182EF, 0x00C49A78,
                },
            };
        }
    }
}
