import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInMessageActionRow,
  type APISelectMenuOption,
  ButtonStyle,
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
} from 'discord.js';
import { controlId } from '../../src/discord/views/custom-ids.js';
import { type TextKey, text } from '../../src/locales/index.js';
import { askableChannels } from '../shared/option-builders.js';
import { maxListed } from './changes.js';
import type { Seen } from './summary.js';

/** A row of the settings panel. */
export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** A grey button of the panel. */
export function button(control: string, label: string): APIButtonComponent {
  return {
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label,
    custom_id: controlId('set', control),
  };
}

/** A select of given options. */
export function select(
  control: string,
  placeholder: TextKey,
  seen: Pick<Seen, 'locale'>,
  more: { options: APISelectMenuOption[]; min_values?: number; max_values?: number },
): Row {
  const type = ComponentType.StringSelect;
  return {
    type: ComponentType.ActionRow,
    components: [{ type, ...frame(control, placeholder, seen), ...more }],
  };
}

function frame(control: string, placeholder: TextKey, { locale }: Pick<Seen, 'locale'>) {
  return { custom_id: controlId('set', control), placeholder: text(locale, placeholder) };
}

/** Up to so many, with the current ones preselected. */
function chosen<T extends SelectMenuDefaultValueType>(ids: readonly string[], type: T, most = maxListed) {
  return {
    min_values: 0,
    max_values: most,
    default_values: ids.slice(0, most).map((id) => ({ id, type })),
  };
}

interface ChannelsRow {
  readonly control: string;
  readonly placeholder: TextKey;
  /** The current ones. */
  readonly ids: readonly string[];
  /** How many can be chosen. @default 25 */
  readonly most?: number;
  /** @default all */
  readonly types?: readonly ChannelType[];
}

/** A select of channels. */
export function channelRow(
  { control, placeholder, ids, most, types }: ChannelsRow,
  seen: Pick<Seen, 'locale'>,
): Row {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.ChannelSelect,
        ...frame(control, placeholder, seen),
        ...(types && { channel_types: [...types] }),
        ...chosen(ids, SelectMenuDefaultValueType.Channel, most),
      },
    ],
  };
}

/** Any number of channels in which members may ask. */
export function channelsRow(
  control: string,
  placeholder: TextKey,
  ids: readonly string[],
  seen: Pick<Seen, 'locale'>,
): Row {
  return channelRow({ control, placeholder, ids, types: askableChannels }, seen);
}

/** One channel, or none, in which Easel itself writes: a forum takes posts only. */
export function writableChannelRow(
  control: string,
  placeholder: TextKey,
  id: string | undefined,
  seen: Pick<Seen, 'locale'>,
): Row {
  const ids = id === undefined ? [] : [id];
  const types = askableChannels.filter((type) => type !== ChannelType.GuildForum);
  return channelRow({ control, placeholder, ids, most: 1, types }, seen);
}

/** Any number of roles. */
export function rolesRow(
  control: string,
  placeholder: TextKey,
  ids: readonly string[],
  seen: Pick<Seen, 'locale'>,
): Row {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.RoleSelect,
        ...frame(control, placeholder, seen),
        ...chosen(ids, SelectMenuDefaultValueType.Role),
      },
    ],
  };
}
