import { apiError } from '../api-errors.js';
import type { Upload } from '../messages/cdn.js';
import type { ChannelRecord } from '../types.js';

/** A rule of a guild's AutoMod. */
export interface AutoModRule {
  /** An id; undefined for every guild. */
  readonly guildId?: string | undefined;
  /** Blocked words, in any case, wherever they are. */
  readonly words: readonly string[];
  /** As Discord has been seen to answer it. */
  readonly code?: 200_000 | 200_001 | undefined;
  /** Whether it also checks ephemeral answers. Not documented, so off by default. */
  readonly ephemeral?: boolean | undefined;
  /** Whether it leaves the first answer to an interaction alone. Not documented, so off by default. */
  readonly sparesAnswers?: boolean | undefined;
}

/** Filters for the bot's messages. */
export interface Filtered {
  readonly channel: ChannelRecord;
  readonly texts: readonly string[];
  readonly files: readonly Upload[];
  readonly ephemeral: boolean;
  /** It is the first answer to an interaction. */
  readonly isAnswer: boolean;
}

/**
 * Content that Discord refuses on every route and in every edit: a guild's AutoMod, links
 * known to be harmful, media that its filter considers explicit (docs/discord-notes.md#refusals).
 */
export interface Filters {
  /** The rules of AutoMod from now on, in place of those before. */
  setAutoMod(rules: readonly AutoModRule[]): void;
  /** Parts of links that are harmful, in direct messages as well. */
  setHarmful(links: readonly string[]): void;
  /** Files that the media filter refuses. */
  setMedia(refuses: (file: Upload) => boolean): void;
  clear(): void;
  /** Throws ApiError 200000, 200001, 240000, 20009. */
  check(filtered: Filtered): void;
}

export function createFilters(): Filters {
  let rules: readonly AutoModRule[] = [];
  let harmful: readonly string[] = [];
  let refuses: (file: Upload) => boolean = () => false;

  return {
    setAutoMod(given) {
      rules = given;
    },
    setHarmful(links) {
      harmful = links;
    },
    setMedia(given) {
      refuses = given;
    },
    clear() {
      [rules, harmful, refuses] = [[], [], () => false];
    },
    check({ channel, texts, files, ephemeral, isAnswer }) {
      const said = texts.join('\n').toLowerCase();
      const says = (words: readonly string[]) => words.some((word) => said.includes(word.toLowerCase()));
      const broken = rules.find(
        (rule) =>
          channel.guildId !== undefined &&
          (rule.guildId === undefined || rule.guildId === channel.guildId) &&
          (!ephemeral || rule.ephemeral === true) &&
          !(isAnswer && rule.sparesAnswers) &&
          says(rule.words),
      );
      if (broken) throw apiError(broken.code === 200_001 ? 'autoModTitle' : 'autoMod');
      if (says(harmful)) throw apiError('harmfulLink');
      if (files.some((file) => refuses(file))) throw apiError('explicitMedia');
    },
  };
}
