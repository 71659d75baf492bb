/**
 * What no one sees: blanks, controls, directions, fillers and other ignorable code points, halves of letters, marks
 * without a letter, the empty pattern of Braille. Unicode: Default_Ignorable_Code_Point, general categories C, M and
 * Z.
 */
const unseen = /[\s\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Z}\p{DI}\u2800]/gu;

/** Whether there is anything to be seen in a text: one of invisible characters alone says nothing, and is not painted. */
export function isVisible(text: string): boolean {
  return text.replace(unseen, '') !== '';
}
