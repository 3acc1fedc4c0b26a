# NfDtls.Native for a build of nanoCLR: the glue, the core, and the platform's file. The build of nf-interpreter looks for this
# module when NF_INTEROP_ASSEMBLIES names NfDtls.Native. Options, all of them cache variables:
#   NFDTLS_HANDLES, NFDTLS_PLACES, NFDTLS_SCRATCH, NFDTLS_WORKER_STACK   sizes; nfdtls.h and nfdtls_platform.h say which and what their defaults are
#   NFDTLS_ENGINE_SOURCES                                 C files of a chip's engines (nfdtls_engine.h), with NFDTLS_ENGINE_INCLUDE_DIRS

get_filename_component(NFDTLS_NATIVE_ROOT "${CMAKE_CURRENT_LIST_DIR}" DIRECTORY)

if(RTOS_ESP32_CHECK)
    set(NFDTLS_PLATFORM_SOURCE esp32.cpp)
elseif(RTOS_CHIBIOS_CHECK)
    set(NFDTLS_PLATFORM_SOURCE chibios.c)
elseif(NFDTLS_POSIX)
    set(NFDTLS_PLATFORM_SOURCE posix.c)
else()
    message(FATAL_ERROR "NfDtls.Native has a worker for ESP32 and ChibiOS (and, with NFDTLS_POSIX, for PCs), and for no other system.")
endif()

file(GLOB NFDTLS_CORE_SOURCES CONFIGURE_DEPENDS "${NFDTLS_NATIVE_ROOT}/core/src/*.c")

# The file with the table comes first: the build reads checksum and version out of it.
set(NfDtls.Native_SOURCES
    "${NFDTLS_NATIVE_ROOT}/nanoclr/nfdtls_native.cpp"
    "${NFDTLS_NATIVE_ROOT}/nanoclr/nfdtls_native_NfDtls_Native_NativeMethods.cpp"
    "${NFDTLS_NATIVE_ROOT}/nanoclr/worker.c"
    "${NFDTLS_NATIVE_ROOT}/nanoclr/platform/${NFDTLS_PLATFORM_SOURCE}"
    ${NFDTLS_CORE_SOURCES}
    ${NFDTLS_ENGINE_SOURCES})

set(NfDtls.Native_INCLUDE_DIRS
    "${NFDTLS_NATIVE_ROOT}/nanoclr"
    "${NFDTLS_NATIVE_ROOT}/core/include"
    ${NFDTLS_ENGINE_INCLUDE_DIRS})

# mbedTLS's headers must see the configuration that the library was built with.
if(RTOS_ESP32_CHECK)
    set(NFDTLS_MBEDTLS_CONFIG "MBEDTLS_CONFIG_FILE=\"mbedtls/esp_config.h\"")
elseif(RTOS_CHIBIOS_CHECK)
    set(NFDTLS_MBEDTLS_CONFIG "MBEDTLS_CONFIG_FILE=\"nf_mbedtls_config.h\"")
    # Where the configuration and mbedTLS itself are; on ESP32 they are in every library's list already.
    list(APPEND NfDtls.Native_INCLUDE_DIRS "${CMAKE_SOURCE_DIR}/src/PAL/COM/sockets/ssl/MbedTLS")
    if(mbedtls_SOURCE_DIR)
        list(APPEND NfDtls.Native_INCLUDE_DIRS "${mbedtls_SOURCE_DIR}/include")
    endif()
endif()

set(NFDTLS_DEFINITIONS ${NFDTLS_MBEDTLS_CONFIG})
if(NFDTLS_ENGINE_SOURCES)
    list(APPEND NFDTLS_DEFINITIONS NFDTLS_ENGINE)
endif()
foreach(size NFDTLS_HANDLES NFDTLS_PLACES NFDTLS_SCRATCH NFDTLS_WORKER_STACK)
    if(DEFINED ${size})
        list(APPEND NFDTLS_DEFINITIONS "${size}=${${size}}")
    endif()
endforeach()

# mbedTLS 3.6's own headers ask for macros that nobody defined, which nf-interpreter's flags forbid.
set_source_files_properties(
    ${NfDtls.Native_SOURCES} PROPERTIES COMPILE_DEFINITIONS "${NFDTLS_DEFINITIONS}" COMPILE_OPTIONS "-Wno-undef")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args("INTEROP-NfDtls.Native" DEFAULT_MSG NfDtls.Native_INCLUDE_DIRS NfDtls.Native_SOURCES)
