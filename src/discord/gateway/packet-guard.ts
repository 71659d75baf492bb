import {
  type Client,
  GatewayDispatchEvents,
  type GatewayInteractionCreateDispatchData,
  type GatewayReceivePayload,
} from 'discord.js';
import type { Log } from '../../log.js';

/** The part of discord.js's gateway that turns packets into events. */
interface PacketHandler {
  handlePacket(packet?: GatewayReceivePayload, shard?: unknown): boolean;
}

/**
 * Keeps one packet from ending the process: discord.js 14 throws if a field is missing, and in its own RESUMED handler if
 * an invalid session follows at once (docs/discord-notes.md#gateway-and-client). Such an event is lost and logged.
 */
export function guardPackets(client: Client, log: Log): void {
  // Not in the types: it is discord.js's own, and the one place that all packets pass.
  const packets = client.ws as unknown as PacketHandler;
  const handle = packets.handlePacket.bind(packets);
  packets.handlePacket = (packet, shard) => {
    try {
      if (packet?.t === GatewayDispatchEvents.InteractionCreate) complete(packet.d);
      return handle(packet, shard);
    } catch (error) {
      log.error({ event: packet?.t, err: error }, 'discord.js failed on an event');
      return false;
    }
  };
}

/** What Discord may leave out of an interaction and discord.js relies on. */
function complete(
  interaction: Partial<Pick<GatewayInteractionCreateDispatchData, 'entitlements'>> & Mutable,
): void {
  interaction.entitlements ??= [];
  interaction.authorizing_integration_owners ??= interaction.guild_id ? { 0: interaction.guild_id } : {};
}

interface Mutable {
  authorizing_integration_owners?: object;
  readonly guild_id?: string | undefined;
}
