# nf-interpreter sets CMAKE_MODULE_PATH itself, so no folder can be added to it from outside. CMake then looks for a package's
# configuration: a preset that sets INTEROP-NfDtls.Native_DIR to this folder needs no change to nf-interpreter's tree.
include("${CMAKE_CURRENT_LIST_DIR}/FindINTEROP-NfDtls.Native.cmake")
