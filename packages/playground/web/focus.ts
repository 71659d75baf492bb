/** Puts the focus on an element, if it is one that can have it. */
export function focusOn(element: Element | null | undefined): void {
  if (element instanceof HTMLElement) element.focus();
}
