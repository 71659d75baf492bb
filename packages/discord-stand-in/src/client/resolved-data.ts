import type { Cdn, Upload } from '../messages/cdn.js';
import type { MessageJson } from '../messages/message-json.js';
import type { MessageRecord } from '../messages/messages.js';
import type { ChannelRecord, JsonObject } from '../types.js';
import type { World } from '../world/world.js';
import { memberJson, partialChannelJson, roleJson, userJson } from '../world/world-json.js';
import { ClientRefusal } from './client-refusal.js';

/** Collects the objects that an interaction's values refer to. Discord docs: Interactions, "Resolved Data Structure". */
export interface Resolved {
  /** Uploads a file; returns its id, the option's value. */
  attachment(upload: Upload): Promise<string>;
  user(reference: string): string;
  channel(reference: string): string;
  role(reference: string): string;
  message(record: MessageRecord): string;
  json(): JsonObject | undefined;
}

export interface ResolvedContext {
  world: World;
  cdn: Cdn;
  json: MessageJson;
  applicationId: string;
  userId: string;
  channel: ChannelRecord;
  /** Bytes for each file. */
  uploadLimit: number;
}

export function createResolved({
  world,
  cdn,
  json,
  applicationId,
  userId,
  channel,
  uploadLimit,
}: ResolvedContext): Resolved {
  const found: Record<string, JsonObject> = {};
  const guild = world.findGuild(channel.guildId);
  const put = (kind: string, id: string, value: JsonObject): string => {
    found[kind] = { ...found[kind], [id]: value };
    return id;
  };
  const plain = (reference: string): string => /^<(?:@[!&]?|#)(\d+)>$/.exec(reference)?.[1] ?? reference;

  return {
    async attachment(upload) {
      if (upload.bytes.byteLength > uploadLimit)
        throw new ClientRefusal(`${upload.filename} is larger than ${uploadLimit} bytes`);
      const file = await cdn.store(upload, applicationId, true);
      return put('attachments', file.id, cdn.json(file));
    },
    user(reference) {
      const user = world.user(plain(reference));
      const member = guild?.members.get(user.id);
      const held = world.permissionsIn(channel, user.id).toString();
      if (member) put('members', user.id, { ...memberJson(member), permissions: held });
      return put('users', user.id, userJson(user));
    },
    channel(reference) {
      const target = world.channel(plain(reference));
      return put(
        'channels',
        target.id,
        partialChannelJson(world, target, world.permissionsIn(target, userId)),
      );
    },
    role(reference) {
      const wanted = plain(reference);
      const role = [...(guild?.roles.values() ?? [])].find(
        ({ id, name }) => id === wanted || name === wanted,
      );
      if (!role) throw new ClientRefusal(`there is no role ${reference}`);
      return put('roles', role.id, roleJson(role));
    },
    message: (record) => put('messages', record.id, json.show(record)),
    json: () => (Object.keys(found).length > 0 ? found : undefined),
  };
}
