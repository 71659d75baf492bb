import type { Component } from '../body-schemas.js';

/** Discord docs: Component Reference. */
export const componentTypes = {
  actionRow: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  mediaGallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

export const buttonStyles = { link: 5, premium: 6 } as const;

export const selectTypes: ReadonlySet<number> = new Set([
  componentTypes.stringSelect,
  componentTypes.userSelect,
  componentTypes.roleSelect,
  componentTypes.mentionableSelect,
  componentTypes.channelSelect,
]);

export interface Placed {
  readonly component: Component;
  readonly path: readonly (string | number)[];
}

/** Every component of a tree, parents first, each with the path to it. */
export function walk(
  components: readonly Component[],
  above: readonly (string | number)[] = ['components'],
): Placed[] {
  return components.flatMap((component, index) => visit(component, [...above, index]));
}

function visit(component: Component, path: readonly (string | number)[]): Placed[] {
  return [
    { component, path },
    ...walk(component.components ?? [], [...path, 'components']),
    ...(component.component ? visit(component.component, [...path, 'component']) : []),
    ...(component.accessory ? visit(component.accessory, [...path, 'accessory']) : []),
  ];
}

/** A copy in which every component has the number that Discord gives those without one. */
export function numbered(components: readonly Component[]): Component[] {
  const copy = structuredClone([...components]);
  const all = walk(copy);
  const taken = new Set(all.map(({ component }) => component.id));
  let next = 1;
  for (const { component } of all) {
    if (component.id !== undefined && component.id !== 0) continue;
    while (taken.has(next)) next += 1;
    component.id = next;
    taken.add(next);
  }
  return copy;
}

/** The urls that a component shows: attachments by `attachment://name`, others by address. */
export function mediaOf({ media, file, items }: Component): { url: string }[] {
  return [media, file, ...(items ?? []).map((item) => item.media)].filter((each) => each !== undefined);
}

/** All text in a tree of components, where mentions can be. */
export function textsOf(components: readonly Component[]): string[] {
  return walk(components)
    .filter(({ component }) => component.type === componentTypes.textDisplay)
    .map(({ component }) => component.content ?? '');
}
