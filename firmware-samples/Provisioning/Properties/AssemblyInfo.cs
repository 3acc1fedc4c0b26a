using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("Provisioning")]
[assembly: AssemblyDescription("A device that is given its server and key by a bootstrap server, and keeps them.")]
[assembly: AssemblyCompany("NfDtls")]
[assembly: AssemblyProduct("NfDtls")]
[assembly: AssemblyCopyright("Copyright (c) the NfDtls authors. MIT License.")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: InternalsVisibleTo("NfDtls.Tests.Samples, PublicKey=0024000004800000140100000602000000240000525341310008000001000100e59ba7b2e1c3f87bbb7e15ffe40c842f4b1bf0d8bde01fe2b36da4f87cb53238ea28e182ff5425bc759e934a78fcf9b66d482879553e90e70b5d8c628bcec179e55b98c9a96db952a459724e153d8ded0439a2a51795963cedab7306d5a712112707580d22659c8c83e1c987bd99c74e96c1cc205a4cd74099face5551d7156a13e3a3c91f9908cafef73e5df998860466fcb1d4a99607fd5470fb6394d98854a7efcaa9a8e78c9821b18b6f4cfd26cd798975cff5d7777aa9ef866bdfb44626a511ed5d9bed2e42b93638c122a10e69bcc11473ee0ea208e0d3bbd6c7025278fa27855766218b78efe4fc23ccda3b8e15c441809646d10b375735123fa95d95")]
