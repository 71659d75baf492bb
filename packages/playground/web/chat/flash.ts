/** Shows which message was meant. */
export function flash(article: Element): void {
  article.classList.remove('message-flash');
  // The animation starts over only if the class was seen to be gone.
  article.getBoundingClientRect();
  article.classList.add('message-flash');
  article.addEventListener('animationend', () => article.classList.remove('message-flash'), { once: true });
}
