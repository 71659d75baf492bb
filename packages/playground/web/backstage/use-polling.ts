import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api.js';

/**
 * A path's answer, polled while the component is mounted; undefined while there is none. With `lastMs` only what
 * is as young as that is asked for.
 */
export function usePolled<T>(path: string, everyMs: number, lastMs?: number): T | undefined {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async (): Promise<void> => {
      if (!document.hidden) {
        const answer = await ask<T>(lastMs ? `${path}?since=${Date.now() - lastMs}` : path).catch(
          () => undefined,
        );
        if (!isOver) setValue(answer);
      }
      if (!isOver) timer = setTimeout(look, everyMs);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [path, everyMs, lastMs]);
  return value;
}
