import { apiError } from '../api-errors.js';
import type { CommandBody, CommandOption } from '../body-schemas.js';
import { toJson } from '../messages/message-json.js';
import type { NextId } from '../snowflakes.js';
import type { JsonObject } from '../types.js';
import { commandTypes } from './command-rules.js';

export interface CommandRecord {
  readonly id: string;
  /** Undefined for a global one. */
  readonly guildId: string | undefined;
  readonly version: string;
  readonly body: CommandBody;
}

/** The application's commands, global (no guild) and of each guild. */
export interface Commands {
  list(guildId?: string): CommandRecord[];
  /**
   * The commands that a user sees in a guild: its own and the global ones; a name in both is shown twice
   * (docs/discord-notes.md#commands-and-permissions).
   */
  inGuild(guildId: string | undefined): CommandRecord[];
  get(id: string, guildId?: string): CommandRecord;
  /** Replaces the whole list; commands with the same kind and name keep their id. */
  replace(bodies: readonly CommandBody[], guildId?: string): CommandRecord[];
  /** Creates, or overwrites the one of this kind and name; returns which. */
  put(body: CommandBody, guildId?: string): { record: CommandRecord; created: boolean };
  change(id: string, body: CommandBody, guildId?: string): CommandRecord;
  remove(id: string, guildId?: string): void;
}

/** Discord docs: Application Commands. */
const most: Readonly<Record<number, number>> = {
  [commandTypes.chatInput]: 100,
  [commandTypes.user]: 15,
  [commandTypes.message]: 15,
};

export function createCommands(nextId: NextId, changed: () => void): Commands {
  const { scope, get, save } = createScopes(changed);

  function written(body: CommandBody, guildId: string | undefined): CommandRecord {
    const before = scope(guildId).find((record) => same(record.body, body));
    const unchanged = before && JSON.stringify(before.body) === JSON.stringify(body);
    return unchanged ? before : { id: before?.id ?? nextId(), guildId, version: nextId(), body };
  }

  return {
    list: (guildId) => [...scope(guildId)],
    inGuild: (guildId) => [...(guildId === undefined ? [] : scope(guildId)), ...scope(undefined)],
    get,
    replace(bodies, guildId) {
      const records = bodies.map((body) => written(body, guildId));
      if (scope(guildId).some(isEntryPoint) && !records.some(isEntryPoint)) throw apiError('needsEntryPoint');
      save(records, guildId);
      return records;
    },
    put(body, guildId) {
      const before = scope(guildId);
      const record = written(body, guildId);
      const others = before.filter(({ id }) => id !== record.id);
      save([...others, record], guildId);
      return { record, created: others.length === before.length };
    },
    change(id, body, guildId) {
      const record = { ...get(id, guildId), version: nextId(), body };
      const records = scope(guildId).map((each) => (each.id === id ? record : each));
      save(records, guildId);
      return record;
    },
    remove(id, guildId) {
      get(id, guildId);
      const records = scope(guildId).filter((record) => record.id !== id);
      save(records, guildId);
    },
  };
}

/** The lists of commands, one for each guild and a global one; none holds more of a kind than Discord allows. */
function createScopes(changed: () => void) {
  const scopes = new Map<string, CommandRecord[]>();
  const scope = (guildId: string | undefined): CommandRecord[] => scopes.get(guildId ?? '') ?? [];
  return {
    scope,
    get(id: string, guildId?: string): CommandRecord {
      const found = scope(guildId).find((record) => record.id === id);
      if (!found) throw apiError('unknownCommand');
      return found;
    },
    save(records: CommandRecord[], guildId: string | undefined): void {
      for (const [type, limit] of Object.entries(most))
        if (records.filter(({ body }) => kindOf(body) === Number(type)).length > limit)
          throw apiError('tooManyCommands');
      scopes.set(guildId ?? '', records);
      changed();
    },
  };
}

function kindOf({ type }: CommandBody): number {
  return type ?? commandTypes.chatInput;
}

function isEntryPoint({ body }: CommandRecord): boolean {
  return kindOf(body) === commandTypes.primaryEntryPoint;
}

/** The same kind and name, and so the same command. */
function same(one: CommandBody, other: CommandBody): boolean {
  return one.name === other.name && kindOf(one) === kindOf(other);
}

/** A command as Discord answers it: defaults filled in, empty things left out, translations only when asked for. */
export function commandJson(
  { id, guildId, version, body }: CommandRecord,
  applicationId: string,
  translations: boolean,
): JsonObject {
  const held = body.default_member_permissions;
  return {
    id,
    application_id: applicationId,
    guild_id: guildId,
    version,
    type: body.type ?? commandTypes.chatInput,
    name: body.name,
    description: body.description ?? '',
    ...(translations
      ? {
          name_localizations: body.name_localizations ?? null,
          description_localizations: body.description_localizations ?? null,
        }
      : {}),
    default_member_permissions: held === null || held === undefined ? null : String(held),
    dm_permission:
      guildId === undefined
        ? body.contexts
          ? body.contexts.includes(1)
          : (body.dm_permission ?? true)
        : undefined,
    contexts: body.contexts ?? null,
    integration_types: body.integration_types ?? [0],
    nsfw: body.nsfw ?? false,
    ...(body.type === commandTypes.primaryEntryPoint ? { handler: body.handler ?? 2 } : {}),
    options: body.options?.length
      ? body.options.map((option) => optionJson(option, translations))
      : undefined,
  };
}

function optionJson(option: CommandOption, translations: boolean): JsonObject {
  const { options, choices, name_localizations, description_localizations, ...rest } = option;
  const shown: JsonObject = {};
  for (const [key, value] of Object.entries(rest))
    if (value !== null && value !== false) shown[key] = toJson(value);
  if (choices?.length) shown.choices = choices.map((choice) => plainChoice(choice, translations));
  if (options?.length) shown.options = options.map((each) => optionJson(each, translations));
  if (translations)
    Object.assign(shown, {
      name_localizations: name_localizations ?? null,
      description_localizations: description_localizations ?? null,
    });
  return shown;
}

function plainChoice(
  choice: { name: string; value: string | number; [key: string]: unknown },
  translations: boolean,
): JsonObject {
  const { name, value, name_localizations } = choice;
  return { name, value, ...(translations ? { name_localizations: toJson(name_localizations ?? null) } : {}) };
}
