import { EventEmitter } from 'node:events';
import type { UserRecord } from '../types.js';
import { createFilters } from './content-filters.js';
import { type AdditionOptions, createAdditions } from './world-additions.js';
import { createChanges } from './world-changes.js';
import { createLookups, type Records } from './world-records.js';
import type { NewChannel, NewGuild, World, WorldEvents } from './world-types.js';

export type { NewChannel, NewGuild, World, WorldEvents };

export interface WorldOptions extends AdditionOptions {
  botId: string;
}

export function createWorld(options: WorldOptions): World {
  const { botId, botName } = options;
  const records: Records = {
    botId,
    events: new EventEmitter<WorldEvents>(),
    guilds: new Map(),
    channels: new Map(),
    users: new Map([[botId, botUser(botId, botName)]]),
  };
  const lookups = createLookups(records);
  return {
    events: records.events,
    botId,
    filters: createFilters(),
    ...lookups,
    ...createAdditions(records, lookups, options),
    ...createChanges(records, lookups),
  };
}

function botUser(id: string, username: string): UserRecord {
  return {
    id,
    username,
    globalName: null,
    bot: true,
    locale: 'en-US',
    uploadLimit: 0,
    acceptsDms: true,
  };
}
