/**
 * Invisible characters: blanks, controls, directional and other ignorable code points, lone surrogates, combining
 * marks without a base, the empty Braille pattern. Unicode: Default_Ignorable_Code_Point, general categories C, M and
 * Z.
 */
const unseen = /[\s\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Z}\p{DI}\u2800]/gu;

/** True if a text has anything visible: a prompt of invisible characters only isn't painted. */
export function isVisible(text: string): boolean {
  return text.replace(unseen, '') !== '';
}
