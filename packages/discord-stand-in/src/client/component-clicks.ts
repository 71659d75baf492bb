import { isObject } from '../api-errors.js';
import type { Component } from '../body-schemas.js';
import { interactionTypes } from '../interactions/interactions.js';
import { buttonStyles, componentTypes, numbered, selectTypes, walk } from '../messages/components.js';
import { toJson } from '../messages/message-json.js';
import type { MessageRecord } from '../messages/messages.js';
import type { JsonObject } from '../types.js';
import { type ClientContext, resolvedFor, start, type UserContext } from './client-context.js';
import { ClientRefusal } from './client-refusal.js';
import type { Invocation } from './invocation.js';
import type { Resolved } from './resolved-data.js';
import { ownersOf } from './slash-commands.js';

/** Clicks a button by its label or custom id. Throws ClientRefusal if there is none, or it is greyed out. */
export function press(
  context: ClientContext,
  userContext: UserContext,
  messageId: string,
  wanted: string,
): Invocation {
  const message = seen(context, userContext, messageId);
  const buttons = partsOf(message).filter(({ type }) => type === componentTypes.button);
  const button = buttons.find(({ custom_id: id, label }) => id === wanted || label === wanted);
  if (!button)
    throw new ClientRefusal(
      `there is no button ${wanted}; there are: ${buttons.map(({ label }) => label).join(', ')}`,
    );
  if (button.style === buttonStyles.link) throw new ClientRefusal(`${wanted} is a link`);
  return click(context, userContext, message, button, {});
}

/** Chooses values of a select; users, roles and channels by name or id. */
export function select(
  context: ClientContext,
  userContext: UserContext,
  messageId: string,
  customId: string,
  values: readonly string[],
): Invocation {
  const message = seen(context, userContext, messageId);
  const menu = partsOf(message).find(({ type, custom_id: id }) => selectTypes.has(type) && id === customId);
  if (!menu) throw new ClientRefusal(`there is no select ${customId}`);
  const resolved = resolvedFor(context, userContext);
  const chosen = chooseValues(menu, values, resolved);
  return click(context, userContext, message, menu, { values: chosen, resolved: resolved.json() });
}

/** The values of a select, checked as the client checks them. Throws ClientRefusal. */
export function chooseValues(menu: Component, values: readonly string[], resolved: Resolved): string[] {
  const [min, max] = [menu.min_values ?? 1, menu.max_values ?? 1];
  if (values.length < min || values.length > max)
    throw new ClientRefusal(`${menu.custom_id} takes ${min} to ${max} values`);
  const name = (reference: string): string => {
    if (menu.type === componentTypes.userSelect || menu.type === componentTypes.mentionableSelect)
      return resolved.user(reference);
    if (menu.type === componentTypes.roleSelect) return resolved.role(reference);
    if (menu.type === componentTypes.channelSelect) return resolved.channel(reference);
    const option = menu.options?.find(({ value, label }) => value === reference || label === reference);
    if (!option)
      throw new ClientRefusal(
        `${menu.custom_id} offers ${menu.options?.map(({ value }) => value).join(', ')}, not ${reference}`,
      );
    return option.value;
  };
  return values.map(name);
}

function seen({ messages }: ClientContext, { user, channel }: UserContext, messageId: string): MessageRecord {
  const message = messages.find(messageId);
  const visible = message && (message.visibleTo === undefined || message.visibleTo === user.id);
  if (!visible || message.channelId !== channel.id)
    throw new ClientRefusal(`${user.username} sees no message ${messageId} here`);
  return message;
}

function partsOf({ components }: MessageRecord): Component[] {
  return walk(numbered(components)).map(({ component }) => component);
}

function click(
  context: ClientContext,
  userContext: UserContext,
  message: MessageRecord,
  component: Component,
  more: JsonObject,
): Invocation {
  if (component.disabled) throw new ClientRefusal(`${component.label ?? component.custom_id} is disabled`);
  const { type, id, custom_id } = component;
  const data = { component_type: type, id, custom_id: custom_id ?? '', ...more };
  // The message's own installs hold on: a user app's buttons work for its user's install.
  const owners = isObject(toJson(message.origin?.owners ?? null))
    ? (message.origin?.owners ?? {})
    : ownersOf(context, userContext, 'guild');
  const draft = { type: interactionTypes.component, name: undefined, owners, sourceMessageId: message.id };
  return start(context, userContext, draft, { data, message: context.json.show(message) }).invocation;
}
