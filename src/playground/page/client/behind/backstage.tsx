import { useWords } from '../context.js';

/** What goes on behind the scenes. */
export function Backstage() {
  const words = useWords();
  return (
    <aside class="backstage" aria-label={words.behind}>
      <h2>{words.behind}</h2>
    </aside>
  );
}
