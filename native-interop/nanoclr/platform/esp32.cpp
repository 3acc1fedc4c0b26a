/* A FreeRTOS task, for the ESP32 family. C++, because the CLR's list of reboot handlers is. */
#include "nfdtls_platform.h"

#include <freertos/FreeRTOS.h>
#include <freertos/semphr.h>
#include <freertos/task.h>
#include <nanoHAL.h>

static StaticSemaphore_t mutex_memory;
static StaticSemaphore_t signal_memory;
static SemaphoreHandle_t mutex;
static SemaphoreHandle_t rung;

void nfdtls_platform_begin(void)
{
    mutex = xSemaphoreCreateMutexStatic(&mutex_memory);
    rung = xSemaphoreCreateBinaryStatic(&signal_memory);
}

void nfdtls_platform_lock(void)
{
    xSemaphoreTake(mutex, portMAX_DELAY);
}

void nfdtls_platform_unlock(void)
{
    xSemaphoreGive(mutex);
}

static void run(void *loop)
{
    reinterpret_cast<void (*)(void)>(loop)();
    /* The idle task gives the stack back. */
    vTaskDelete(NULL);
}

int nfdtls_platform_worker(void (*loop)(void))
{
    /*
     * With the CLR's own priority: on one core they take turns, tick by tick, and where there are two the worker runs on the
     * one that has time. FreeRTOS of ESP-IDF counts stacks in bytes.
     */
    BaseType_t made = xTaskCreatePinnedToCore(
        run, "nfdtls", NFDTLS_WORKER_STACK, reinterpret_cast<void *>(loop), uxTaskPriorityGet(NULL), NULL, tskNO_AFFINITY);
    return made == pdPASS ? 0 : -1;
}

void nfdtls_platform_signal(void)
{
    xSemaphoreGive(rung);
}

void nfdtls_platform_wait(void)
{
    xSemaphoreTake(rung, portMAX_DELAY);
}

void nfdtls_platform_share(void)
{
    /* Tasks of one priority take turns. */
}

void nfdtls_platform_on_reboot(void (*handler)(void))
{
    HAL_AddSoftRebootHandler(handler);
}
