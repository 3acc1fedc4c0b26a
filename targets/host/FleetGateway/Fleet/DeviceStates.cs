using System;
using System.Globalization;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace FleetGateway.Fleet;

/// <summary>
/// What devices told and are to be told, in Redis: a hash for each. A node reads it when a device comes to it, and writes what the device
/// tells; settings are told to all nodes.
/// </summary>
internal sealed class DeviceStates(IConnectionMultiplexer redis, DeviceRegistry registry, ILogger<DeviceStates> logger)
{
    private const string SettingsField = "settings";
    private const string ValuePrefix = "value:";
    private static readonly RedisChannel Changed = RedisChannel.Literal("gateway:settings");

    private readonly IDatabase _database = redis.GetDatabase();

    /// <summary>Listens for settings that are changed elsewhere.</summary>
    internal async Task WatchAsync()
    {
        ChannelMessageQueue changes = await redis.GetSubscriber().SubscribeAsync(Changed);
        changes.OnMessage(async change =>
        {
            if (registry.Find(change.Message.ToString()) is { } device)
            {
                await LoadAsync(device);
            }
        });
    }

    /// <summary>Brings what is known of a device here. Where Redis does not answer, it stays as it is.</summary>
    internal async Task LoadAsync(Device device)
    {
        try
        {
            foreach (HashEntry entry in await _database.HashGetAllAsync(KeyOf(device.Identity)))
            {
                Take(device, entry.Name.ToString(), entry.Value.ToString());
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            GatewayLog.NoRedis(logger, e);
        }
    }

    /// <summary>Stores a value behind the device's back: it was answered already, or is at once.</summary>
    internal void Keep(Device device, string name, Reading reading)
    {
        string value = reading.At.ToString("O", CultureInfo.InvariantCulture) + " " + reading.Value;
        _database.HashSet(KeyOf(device.Identity), ValuePrefix + name, value, flags: CommandFlags.FireAndForget);
    }

    internal async Task SetAsync(Device device, string settings)
    {
        device.Settings = settings;
        await _database.HashSetAsync(KeyOf(device.Identity), SettingsField, settings);
        await redis.GetSubscriber().PublishAsync(Changed, device.Identity);
    }

    private static string KeyOf(string identity)
    {
        return "gateway:device:" + identity;
    }

    private static void Take(Device device, string field, string value)
    {
        if (field == SettingsField)
        {
            device.Settings = value;
        }
        else if (field.StartsWith(ValuePrefix, StringComparison.Ordinal)
            && value.IndexOf(' ', StringComparison.Ordinal) is > 0 and int end
            && DateTimeOffset.TryParse(value.AsSpan(0, end), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset at))
        {
            device.Recall(field[ValuePrefix.Length..], new Reading(value[(end + 1)..], at));
        }
    }
}
