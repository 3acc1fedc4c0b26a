// What nanoCLR asks of a board, for QEMU's mps2-an386 (Cortex-M4F) and mps2-an500 (Cortex-M7): nf-interpreter's posix port without threads.
// Time is the emulator's: with `-icount shift=0` an instruction takes a nanosecond. README.md says how it is built.
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <strings.h>
#include <vector>

#include "nanoCLR_native.h"
#include <nanoCLR_Runtime.h>
#include <nanoHAL.h>
#include <nanoHAL_Time.h>
#include <nanoHAL_v2.h>
#include <nanoPAL_Events.h>

int main();

extern "C"
{
    void ClrExit();
    void initialise_monitor_handles(void);
    void __libc_init_array(void);
    extern uint32_t __stack[], __bss_start__[], __bss_end__[];
    void *__dso_handle = nullptr;

    // Named in assembly and in the C library alone, which link-time optimization does not see.
    __attribute__((used)) void _init(void)
    {
    }

    __attribute__((used)) void _fini(void)
    {
    }
}

namespace
{
    volatile uint32_t &Register(uint32_t address)
    {
        return *reinterpret_cast<volatile uint32_t *>(address);
    }

    // CMSDK timer 0 counts down at 25 MHz; SysTick has the same clock.
    const uint32_t TimerControl = 0x40000000, TimerValue = 0x40000004, TimerReload = 0x40000008;
    const uint32_t SysTickControl = 0xE000E010, SysTickReload = 0xE000E014, SysTickValue = 0xE000E018;
    const uint32_t Ccr = 0xE000ED14, Cfsr = 0xE000ED28, Hfsr = 0xE000ED2C, Cpacr = 0xE000ED88;
    const uint32_t CyclesPerMillisecond = 25000;
    const uint64_t Never = UINT64_MAX;
    const uint64_t TicksPerMillisecond = 10000;
    const uint64_t Begin = 1764374400; // 2025-11-29, in seconds of Unix

    uint32_t Lock()
    {
        uint32_t mask;
        __asm__ volatile("mrs %0, primask\n cpsid i" : "=r"(mask)::"memory");
        return mask;
    }

    void Unlock(uint32_t mask)
    {
        __asm__ volatile("msr primask, %0" ::"r"(mask) : "memory");
    }

    // Since the start, in units of 100 ns. Called at least every 171 s, by SysTick, so that the 32 bits are never lapped.
    uint64_t Now()
    {
        static uint64_t high;
        static uint32_t last;
        uint32_t mask = Lock();
        uint32_t count = ~Register(TimerValue);
        if (count < last)
        {
            high += 0x100000000ULL;
        }
        last = count;
        uint64_t cycles = high + count;
        Unlock(mask);
        return cycles * 2 / 5;
    }

    volatile bool *g_flag;
    volatile uint64_t g_flagDue;
    volatile uint64_t g_compare = Never;
    volatile uint32_t g_events;
    size_t g_heapSize = 8 * 1024 * 1024;

    void SemihostingWrite(const char *text)
    {
        __asm__ volatile("movs r0, #4\n mov r1, %0\n bkpt 0xAB" ::"r"(text) : "r0", "r1", "memory");
    }

    void WriteHex(const char *name, uint32_t value)
    {
        char text[12];
        for (int i = 0; i < 8; i++)
        {
            text[i] = "0123456789abcdef"[(value >> (28 - 4 * i)) & 15];
        }
        text[8] = 0;
        SemihostingWrite(name);
        SemihostingWrite(text);
    }

    void Allocate(unsigned char *&kept, size_t size, unsigned char *&base, unsigned int &bytes)
    {
        if (kept == nullptr)
        {
            kept = static_cast<unsigned char *>(malloc(size));
        }
        if (kept != nullptr)
        {
            memset(kept, 0xEA, size);
        }
        base = kept;
        bytes = kept != nullptr ? size : 0;
    }
} // namespace

// --- start and faults ---

// Says where, without the C library, which may be what faulted.
extern "C" __attribute__((used)) void ReportFault(const uint32_t *frame)
{
    WriteHex("\nfault at pc ", frame[6]);
    WriteHex(" lr ", frame[5]);
    WriteHex(" CFSR ", Register(Cfsr));
    WriteHex(" HFSR ", Register(Hfsr));
    SemihostingWrite("\n");
    _Exit(3);
}

extern "C" __attribute__((naked)) void Fault(void)
{
    __asm__ volatile("mrs r0, msp\n ldr r1, =ReportFault\n bx r1\n .ltorg");
}

extern "C" void SysTick(void)
{
    uint64_t now = Now();
    if (g_flag != nullptr && now >= g_flagDue)
    {
        *g_flag = true;
        g_flag = nullptr;
        g_events |= SYSTEM_EVENT_FLAG_SYSTEM_TIMER;
    }
    if (now >= g_compare)
    {
        g_compare = Never;
        HAL_COMPLETION::DequeueAndExec();
        g_events |= SYSTEM_EVENT_FLAG_SYSTEM_TIMER;
    }
}

extern "C" void reset(void)
{
    Register(Cpacr) |= 0xFU << 20; // the floating-point unit
#ifdef NFDTLS_TRAP_UNALIGNED
    Register(Ccr) |= 1U << 3;
#endif
    __asm__ volatile("dsb\n isb");
    for (uint32_t *word = __bss_start__; word < __bss_end__; word++)
    {
        *word = 0;
    }
    Register(TimerReload) = 0xFFFFFFFF;
    Register(TimerValue) = 0xFFFFFFFF;
    Register(TimerControl) = 1;
    initialise_monitor_handles();
    __libc_init_array();
    exit(main());
}

#define HANDLER(name) reinterpret_cast<void *>(name)
__attribute__((section(".vectors"), used)) static void *const g_vectors[16] = {
    __stack, HANDLER(reset), HANDLER(Fault), HANDLER(Fault), HANDLER(Fault), HANDLER(Fault), HANDLER(Fault), nullptr,
    nullptr, nullptr, nullptr, HANDLER(Fault), HANDLER(Fault), nullptr, HANDLER(Fault), HANDLER(SysTick)};

// --- time ---

void HAL_Time_Sleep_MicroSeconds(unsigned int microseconds)
{
    for (uint64_t end = Now() + microseconds * 10ULL; Now() < end;)
    {
    }
}

void HAL_Time_Sleep_MicroSeconds_InterruptEnabled(unsigned int microseconds)
{
    HAL_Time_Sleep_MicroSeconds(microseconds);
}

uint64_t HAL_Time_CurrentSysTicks()
{
    return Now();
}

uint64_t HAL_Time_SysTicksToTime(uint64_t ticks)
{
    return ticks;
}

uint64_t HAL_Time_CurrentDateTime(bool datePartOnly)
{
    uint64_t ticks = TIME_UNIX_EPOCH_AS_TICKS + Begin * 10000000ULL + Now();
    return datePartOnly ? ticks - ticks % 864000000000ULL : ticks;
}

bool HAL_Time_TimeSpanToStringEx(const int64_t &ticks, char *&buffer, size_t &length)
{
    uint64_t all = ticks < 0 ? -static_cast<uint64_t>(ticks) : ticks;
    unsigned int rest = all % 10000000;
    uint64_t seconds = all / 10000000;
    CLR_SafeSprintf(buffer, length, ticks < 0 ? "-" : "");
    if (seconds > TIME_CONVERSION__ONEDAY)
    {
        CLR_SafeSprintf(buffer, length, "%d.", static_cast<int>(seconds / TIME_CONVERSION__ONEDAY));
    }
    CLR_SafeSprintf(
        buffer, length, "%02d:%02d:%02d", static_cast<int>(seconds / 3600 % 24), static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    if (rest != 0)
    {
        CLR_SafeSprintf(buffer, length, ".%07d", rest);
    }
    return length != 0;
}

const char *HAL_Time_CurrentDateTimeToString()
{
    return "";
}

extern "C" HRESULT Time_Initialize()
{
    return S_OK;
}

extern "C" HRESULT Time_Uninitialize()
{
    return S_OK;
}

extern "C" void Time_SetCompare(uint64_t compareValue)
{
    uint32_t mask = Lock();
    g_compare = compareValue;
    Unlock(mask);
}

// --- events ---

extern "C"
{
    bool Events_Initialize()
    {
        g_events = 0;
        return true;
    }

    bool Events_Uninitialize()
    {
        g_events = 0;
        return true;
    }

    void Events_SetBoolTimer(bool *flag, uint32_t milliseconds)
    {
        uint32_t mask = Lock();
        g_flag = flag;
        if (flag != nullptr)
        {
            *flag = false;
            g_flagDue = Now() + milliseconds * TicksPerMillisecond;
        }
        Unlock(mask);
    }

    void Events_Set(uint32_t events)
    {
        uint32_t mask = Lock();
        g_events |= events;
        Unlock(mask);
    }

    uint32_t Events_Get(uint32_t events)
    {
        uint32_t mask = Lock();
        uint32_t found = g_events & events;
        g_events &= ~events;
        Unlock(mask);
        return found;
    }

    void Events_Clear(uint32_t events)
    {
        Events_Get(events);
    }

    uint32_t Events_MaskedRead(uint32_t events)
    {
        return g_events & events;
    }

    uint32_t Events_WaitForEvents(uint32_t, uint32_t events, uint32_t milliseconds)
    {
        uint64_t end = milliseconds == UINT32_MAX ? Never : Now() + milliseconds * TicksPerMillisecond;
        while ((g_events & events) == 0 && milliseconds != 0 && !CLR_EE_DBG_IS(RebootPending) && !CLR_EE_DBG_IS(ExitPending))
        {
            if (Now() >= end)
            {
                return 0;
            }
            __asm__ volatile("wfi");
        }
        return g_events & events;
    }

    void Events_SetCallback(void (*)(void *), void *)
    {
    }

    void FreeManagedEvent(uint8_t, uint8_t, uint16_t, uint32_t)
    {
    }
}

// --- text, power, memory ---

int hal_vprintf(const char *format, va_list arguments)
{
    return vprintf(format, arguments);
}

int hal_vfprintf(void *stream, const char *format, va_list arguments)
{
    return vfprintf(stream != nullptr ? static_cast<FILE *>(stream) : stdout, format, arguments);
}

int hal_vsnprintf(char *buffer, size_t length, const char *format, va_list arguments)
{
    return vsnprintf(buffer, length, format, arguments);
}

int hal_snprintf(char *buffer, size_t length, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(buffer, length, format, arguments);
    va_end(arguments);
    return count;
}

int hal_stricmp(const char *one, const char *other)
{
    return strcasecmp(one, other);
}

void CPU_Hibernate()
{
}

void CPU_Shutdown()
{
    ClrExit();
    Events_Set(SYSTEM_EVENT_FLAG_ALL);
}

extern "C"
{
    void CPU_SetPowerMode(PowerLevel_type)
    {
    }

    void CPU_Sleep(SLEEP_LEVEL_type, uint64_t)
    {
    }

    void RtosYield()
    {
    }

    void CPU_Reset()
    {
        exit(0);
    }

    void HAL_AssertEx()
    {
        SemihostingWrite("HAL_AssertEx\n");
        _Exit(4);
    }

    bool LaunchProprietaryBootloader()
    {
        return false;
    }
}

void nanoHAL_Initialize()
{
    HAL_CONTINUATION::InitializeList();
    HAL_COMPLETION::InitializeList();
    Events_Initialize();
}

void nanoHAL_Uninitialize(bool)
{
    Events_Uninitialize();
    HAL_CONTINUATION::Uninitialize();
    HAL_COMPLETION::Uninitialize();
}

void *platform_malloc(size_t size)
{
    return malloc(size);
}

void platform_free(void *memory)
{
    free(memory);
}

void HeapLocation(unsigned char *&base, unsigned int &size)
{
    static unsigned char *kept;
    Allocate(kept, g_heapSize, base, size);
}

void CustomHeapLocation(unsigned char *&base, unsigned int &size)
{
    static unsigned char *kept;
    Allocate(kept, 1024 * 1024, base, size);
}

// --- the program: a file called `run` in the emulator's folder names options and .pe files, a line each ---

static bool Load(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == nullptr)
    {
        printf("%s cannot be opened\n", path);
        return false;
    }
    fseek(file, 0, SEEK_END);
    std::vector<uint8_t> bytes(ftell(file));
    fseek(file, 0, SEEK_SET);
    size_t read = fread(bytes.data(), 1, bytes.size(), file);
    fclose(file);
    std::u16string name(path, path + strlen(path));
    int error = read == bytes.size() ? nanoCLR_LoadAssembly(name.c_str(), bytes.data(), bytes.size()) : -1;
    if (error != 0)
    {
        printf("%s cannot be loaded: %08x\n", path, error);
    }
    return error == 0;
}

// Reads a word from an odd address, which faults where that is trapped.
static void ProbeUnaligned()
{
    static uint32_t words[2] = {0x11223344, 0x55667788};
    uint32_t word;
    __asm__ volatile("ldr %0, [%1]" : "=l"(word) : "l"(reinterpret_cast<char *>(words) + 1) : "memory");
    printf("an unaligned word: %08lx\n", static_cast<unsigned long>(word));
}

static bool Take(const char *line)
{
    if (strcmp(line, "--forcegc") == 0)
    {
        setenv("NANO_FORCEGC", "1", 1);
    }
    else if (strcmp(line, "--compactionaftergc") == 0)
    {
        setenv("NANO_COMPACT", "1", 1);
    }
    else if (strcmp(line, "--probe-unaligned") == 0)
    {
        ProbeUnaligned();
    }
    else if (strncmp(line, "--heap=", 7) == 0)
    {
        g_heapSize = strtoul(line + 7, nullptr, 10);
    }
    else
    {
        return Load(line);
    }
    return true;
}

int main()
{
    char line[512];
    FILE *list = fopen("run", "r");
    if (list == nullptr)
    {
        puts("there is no file `run`");
        return 1;
    }
    while (fgets(line, sizeof line, list) != nullptr)
    {
        line[strcspn(line, "\r\n")] = 0;
        if (line[0] != 0 && !Take(line))
        {
            return 1;
        }
    }
    fclose(list);
    Register(SysTickReload) = CyclesPerMillisecond - 1;
    Register(SysTickValue) = 0;
    Register(SysTickControl) = 7;
    NANO_CLR_SETTINGS settings{};
    settings.MaxContextSwitches = 50;
    nanoCLR_Run(settings);
    return 0;
}
